import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startFleet } from '../../rest/support.ts';
import { onlineUsers } from './program.ts';

describe('a program with gql.tada', () => {
  it('compiles with strict scalars, and its mistakes do not', async () => {
    const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
    const project = fileURLToPath(new URL('tsconfig.json', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[compiler, '--project', project],
    ]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it('reads byte counts above 2^53 exactly', async () => {
    const app = await startFleet();
    app.online.rxBytes = 9_007_199_254_740_993n;
    await app.polled();
    expect(await onlineUsers(`${app.url}/graphql`)).toEqual([
      { id: '1', totalRx: 9_007_199_254_740_993n, wasSeen: true },
    ]);
  });
});

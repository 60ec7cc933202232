import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../fixtures/program.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { temporaryFolder } from './support.ts';

const folder = temporaryFolder();

describe('the demo', () => {
  it('is reported in the log and the status, applies all requested changes, and keeps its data separate', async () => {
    const program = await startProgram({
      cwd: folder.path,
      args: ['demo'],
      env: { WGQL_POLL_INTERVAL_MS: '100', WGQL_MANAGE: 'on', WGQL_INTERFACES: '' },
    });
    expect(program.lines.some((line) => /demo/i.test(JSON.parse(line).msg))).toBe(true);
    const answer = await fetch(`${program.url}/api/status`);
    expect(await answer.json()).toMatchObject({ demo: 1 });
    const graphql = async (query: string) => {
      const answer = await fetch(`${program.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      const { data, errors } = (await answer.json()) as { data: never; errors?: unknown };
      expect(errors).toBeUndefined();
      return data as Record<string, { user: { id: string } }>;
    };
    await waitFor('the first poll', async () => (await fetch(`${program.url}/readyz`)).ok);
    const seen = (await graphql(
      '{ status { demo interfaces { name } } users(first: 1) { totalCount } }',
    )) as never as { users: { totalCount: number } };
    expect(seen).toMatchObject({ status: { demo: true } });
    expect(seen.users.totalCount).toBeGreaterThan(10);
    const { provisionUser } = await graphql(
      'mutation { provisionUser(input: { nickname: "phone", interface: "demo0", persistentKeepalive: 25 }) { configuration user { id } } }',
    );
    const id = provisionUser?.user.id;
    const settles = (state: string) =>
      waitFor(`${state}`, async () => {
        const { user } = (await graphql(
          `{ user(id: "${id}") { enforcement { applied lastError } } }`,
        )) as never as { user: { enforcement: { applied: string; lastError: string | null } } };
        return user.enforcement.applied === state && user.enforcement.lastError === null;
      });
    await settles('PRESENT');
    await graphql(
      `mutation { updateUser(id: "${id}", input: { allowedIps: ["10.99.0.200/32"], bandwidthLimit: 10, dataLimit: 5, quotaPeriod: DAY, presharedKey: null, persistentKeepalive: 0 }) { user { id } } }`,
    );
    await settles('PRESENT');
    await graphql(`mutation { setUserEnabled(id: "${id}", enabled: false) { user { id } } }`);
    await settles('ABSENT');
    await graphql(`mutation { setUserEnabled(id: "${id}", enabled: true) { user { id } } }`);
    await settles('PRESENT');
    await graphql(`mutation { kickUser(id: "${id}") { user { id } } }`);
    await graphql(`mutation { resetTraffic(id: "${id}") { user { id } } }`);
    await settles('PRESENT');
    await graphql(`mutation { deleteUser(id: "${id}") { deletedId } }`);
    const { status } = (await graphql('{ status { lastError } }')) as never as {
      status: { lastError: string | null };
    };
    expect(status.lastError).toMatch(/^1 managed user is MISSING: [^.]*\.$/);
    await program.stop('SIGTERM');
    expect(existsSync(join(folder.path, 'data', 'demo', 'wgql.db'))).toBe(true);
    expect(await readdir(join(folder.path, 'data'))).toEqual(['demo']);
  });
});

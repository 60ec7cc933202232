import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { within } from '../live/support.ts';
import { startFleet } from '../rest/support.ts';

const here = new URL('./', import.meta.url);
const page = await readFile(new URL('../../docs/CLIENTS.md', here), 'utf8');

const PROGRAMS = [
  ...['graphcache.test.ts', 'apollo.test.ts', 'relay/relay.test.ts', 'tada/program.ts'],
  ...['python/standard_library.py', 'python/with_gql.py'],
];
const SHOWN =
  /^[ \t]*(?:\/\/|#) In docs\/CLIENTS\.md, from here\n(.*?)^[ \t]*(?:\/\/|#) to here$/gms;

/** Without the indentation that all lines have. */
function dedented(code: string): string {
  const lines = code.trimEnd().split('\n');
  const depth = Math.min(...lines.filter(Boolean).map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(depth)).join('\n');
}

describe('docs/CLIENTS.md', () => {
  it.each(PROGRAMS)('shows the code of %s', async (file) => {
    const source = await readFile(new URL(file, here), 'utf8');
    const shown = [...source.matchAll(SHOWN)].map(([, code]) => dedented(code ?? ''));
    expect(shown.length).toBeGreaterThan(0);
    for (const code of shown) expect(page).toContain(`\n${code}\n\`\`\``);
  });

  it('has commands of curl that work', async () => {
    const TOKEN = 'a-token-of-more-than-16-characters-c';
    const app = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
    const section = /^## curl\n(.*?)^## /ms.exec(page)?.[1] ?? '';
    const commands = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
    expect(commands).toHaveLength(3);
    const env = { PATH: process.env.PATH, URL: app.url, TOKEN };
    const firstLines = commands.map(async (command) => {
      const curl = spawn('bash', ['-c', command], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void curl.kill());
      for await (const line of createInterface({ input: curl.stdout })) {
        if (line.includes('{')) return line.replace(/^data: /, '');
      }
      return '';
    });
    const [dashboard, users, event] = await within('the answers', Promise.all(firstLines));
    expect(JSON.parse(dashboard ?? '')).toEqual({
      data: { dashboard: { onlineUsers: 1, totalRx: '0' } },
    });
    expect(JSON.parse(users ?? '').data.users.edges).toHaveLength(2);
    expect(JSON.parse(event ?? '')).toEqual({
      data: { events: { id: '1', type: 'INTERFACE_UP' } },
    });
  });
});

import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bearer } from '../../fixtures/tokens.ts';
import { within } from '../../live/support.ts';
import { type Fleet, startFleet } from '../../rest/support.ts';

const TOKEN = 'a-token-of-more-than-16-characters-b';
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const works = (...args: string[]) => spawnSync('python3', args).status === 0;

/** Starts a program of Python, and returns a function that reads its next line. */
function start(app: Fleet, file: string): () => Promise<string> {
  const python = spawn('python3', [pathOf(file), `${app.url}/graphql`], {
    env: { PATH: process.env.PATH, WGQL_TOKEN: TOKEN },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void python.kill());
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return async () => (await within('a line', lines.next())).value;
}

const rename = (app: Fleet) =>
  app.graphql(
    'mutation { updateUser(id: 1, input: { nickname: "Ada" }) { user { id } } }',
    {},
    bearer(TOKEN),
  );

// In the automatic checks Python is always there, because it compiles the SQLite module.
describe.runIf(process.env.CI === 'true' || works('--version'))('Python', () => {
  it('lists users, reads byte counts exactly, and resumes the events with its standard library', async () => {
    const app = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
    app.online.rxBytes = 9_007_199_254_740_993n;
    await app.polled();
    const next = start(app, 'standard_library.py');
    expect(await next()).toBe('[["1", 9007199254740993], ["2", 0]]');
    expect(JSON.parse(await next())).toMatchObject({ id: '2', type: 'PEER_ADDED' });
    await rename(app);
    let event: { id: string; type: string; user: { nickname: string } };
    do event = JSON.parse(await next());
    while (event.type !== 'USER_UPDATED');
    expect(event.user.nickname).toBe('Ada');
  });

  it('compiles the example for gql', () => {
    const source = `compile(open(${JSON.stringify(pathOf('with_gql.py'))}).read(), 'with_gql', 'exec')`;
    expect(works('-c', source)).toBe(true);
  });

  // Debian has no package of it.
  if (works('-c', 'import gql')) {
    it('queries and subscribes with gql', async () => {
      const app = await startFleet({ env: { WGQL_TOKEN: TOKEN } });
      const next = start(app, 'with_gql.py');
      expect(await next()).toContain("'onlineUsers': 1");
      const line = next();
      app.wireguard.interface().shakeHands(app.offline);
      expect(await app.whilePolling(line)).toContain('SESSION_STARTED');
    });
  }
});

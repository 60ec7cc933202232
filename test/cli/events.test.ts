import { describe, expect, it } from 'vitest';
import { startFleet } from '../rest/support.ts';
import { commandsOf } from './support.ts';

const rename = (nickname: string) =>
  `mutation { updateUser(id: 1, input: { nickname: "${nickname}" }) { user { id } } }`;

describe('wgql events', () => {
  it('prints what happened, oldest first, of all users or one', async () => {
    const app = await startFleet();
    await app.graphql(rename('Ada'));
    await app.polled();
    const wgql = await commandsOf(app);
    const all = await wgql('events', '--since', '2000-01-01', '--json');
    expect(all.code, all.stderr).toBe(0);
    const events = all.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ id }) => Number(id))).toEqual(
      events.map(({ id }) => Number(id)).toSorted((a, b) => a - b),
    );
    expect(events.at(-1)).toMatchObject({ type: 'USER_UPDATED', user: { nickname: 'Ada' } });
    const ofAda = await wgql('events', '--since', '2000-01-01', '--user', 'Ada');
    expect(ofAda.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\w+ +Ada\b/);
    expect(
      ofAda.stdout
        .trimEnd()
        .split('\n')
        .every((line) => line.includes('Ada')),
    ).toBe(true);
  });

  it('follows new events until it is stopped', async () => {
    const app = await startFleet();
    const stop = new AbortController();
    const said: string[] = [];
    const wgql = await commandsOf(app, { stop: stop.signal, onLine: (line) => said.push(line) });
    const ended = wgql('events', '--follow', '--since', '2000-01-01');
    await app.eventually('a line', async () => said.length > 0);
    await app.graphql(rename('Ada'));
    await app.eventually('the line of the change', async () =>
      said.some((line) => line.includes('Ada')),
    );
    stop.abort();
    expect((await ended).code).toBe(0);
    expect(new Set(said).size).toBe(said.length);
  });

  it('refuses a time that it does not understand', async () => {
    const app = await startFleet();
    const { code, stderr } = await (await commandsOf(app))('events', '--since', 'yesterday');
    expect(code).toBe(2);
    expect(stderr).toContain('--since must be 24h, 7d');
  });
});

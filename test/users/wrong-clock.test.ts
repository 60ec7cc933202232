import { describe, expect, it } from 'vitest';
import { polls, startWithPeer, userOf } from '../fixtures/enforcement-app.ts';

const HOUR = 3_600_000;
const YEAR = 366 * 24 * HOUR;

const logged = async (app: Awaited<ReturnType<typeof startWithPeer>>['app']) => {
  const { data } = await app.graphql('{ events(first: 1000) { edges { node { id type at } } } }');
  return data.events.edges.map(({ node }: { node: { id: string; at: string } }) => node);
};

describe('a start with a clock that is a year ahead', () => {
  it('deletes no event, and leaves no session and no bytes in the future', async () => {
    const { app, wg0, peer } = await startWithPeer();
    const before = await logged(app);
    await app.restart({}, () => app.clock.jump(YEAR));
    wg0.shakeHands(peer);
    peer.rxBytes += 1_000n;
    await polls(app);
    expect((await userOf(app, peer.publicKey)).isOnline).toBe(true);
    expect((await logged(app)).slice(0, before.length)).toEqual(before);
    expect(app.log.join('')).toMatch(/no old records are deleted until a day has passed/);
    await app.restart();
    await polls(app);
    expect((await logged(app)).slice(0, before.length)).toEqual(before);

    await app.restart({}, () => app.clock.jump(-YEAR));
    await polls(app);
    const now = new Date(app.clock.wallMs()).toISOString();
    const { data } = await app.graphql(
      `{ sessions(first: 100) { edges { node { startedAt lastSeenAt endedAt } } }
         users(first: 1) { edges { node { lastSeenAt usage { today { rx } } } } } }`,
    );
    const [user] = data.users.edges;
    const times = [
      user.node.lastSeenAt,
      ...data.sessions.edges.flatMap(({ node }: { node: object }) => Object.values(node)),
      ...(await logged(app)).map(({ at }: { at: string }) => at),
    ].filter((time) => time !== null);
    expect(times.length).toBeGreaterThan(4);
    expect(times.filter((time) => time > now)).toEqual([]);
    expect(user.node.usage.today.rx).toBe('1000');
    const [today] = (await app.rest('/api/traffic/chart?days=1')).body;
    expect(today.total_rx).toBe(1000);
  });
});

describe('a clock that stays ahead', () => {
  it('is trusted after a day, however often the program is restarted meanwhile', async () => {
    const { app, wg0, peer } = await startWithPeer();
    wg0.shakeHands(peer);
    await polls(app);
    const [first] = await logged(app);
    await app.restart({}, () => app.clock.jump(YEAR));
    for (let shift = 0; shift < 5; shift++) {
      expect((await logged(app))[0]).toEqual(first);
      app.clock.advance(5 * HOUR);
      await app.restart();
    }
    await app.eventually('what is older than a year to be dropped', async () => {
      return (await logged(app))[0]?.id !== first.id;
    });
  });
});

describe('a clock that is set back while the program runs', () => {
  it('leaves an open session that has started by now', async () => {
    const { app, wg0, peer } = await startWithPeer();
    wg0.shakeHands(peer);
    await polls(app);
    app.clock.jump(-YEAR);
    await polls(app);
    await app.eventually('records of the future to be moved', async () =>
      app.log.join('').includes('The clock was set back'),
    );
    peer.rxBytes += 1n;
    await polls(app);
    const { data } = await app.graphql(
      '{ sessions(first: 10) { edges { node { startedAt lastSeenAt endedAt } } } }',
    );
    const now = new Date(app.clock.wallMs()).toISOString();
    const [{ node }] = data.sessions.edges;
    expect(node.startedAt <= node.lastSeenAt && node.lastSeenAt <= now).toBe(true);
  });
});

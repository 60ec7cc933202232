import { describe, expect, it } from 'vitest';
import type { FakePeer } from '../fixtures/fake-wireguard.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { type Fleet, startFleet } from '../rest/support.ts';
import { connectClient, type Feed, watch, watchEvents, within } from './support.ts';

const TRAFFIC = `subscription ($userIds: [ID!], $minIntervalMs: Int) {
  liveTraffic(userIds: $userIds, minIntervalMs: $minIntervalMs) {
    user { id nickname } rxBytesPerSecond txBytesPerSecond } }`;
const EVERYTHING = 'subscription { liveTraffic { user { id } rxBytesPerSecond } }';

interface Rate {
  readonly user: { readonly id: string };
  readonly rxBytesPerSecond: number;
  readonly txBytesPerSecond: number;
}

/** Lets time pass in which these peers move these bytes; the next poll sees both. */
function move(app: Fleet, ms: number, ...moved: [peer: FakePeer, rx: bigint, tx: bigint][]): void {
  for (const [peer, rx, tx] of moved) {
    peer.rxBytes += rx;
    peer.txBytes += tx;
  }
  app.clock.advance(ms);
}

const flat = (rates: readonly Rate[]) =>
  rates
    .map((rate) => [rate.user.id, rate.rxBytesPerSecond, rate.txBytesPerSecond])
    .sort(([a], [b]) => Number(a) - Number(b));

/** A stream that has begun for sure: all its first polls are over. */
async function begin(
  app: TestApp,
  variables: { readonly userIds?: readonly number[]; readonly minIntervalMs?: number } = {},
): Promise<Feed> {
  const client = connectClient(app);
  const feed = watch(client, TRAFFIC, variables);
  await watch(client, '{ status { demo } }').next();
  await app.polled();
  return feed;
}

describe('live traffic', () => {
  it('tells bytes per second of those who move, and zeros once when one stops', async () => {
    const app = await startFleet();
    const feed = await begin(app);
    move(app, 2_000, [app.online, 5_000n, 300n]);
    expect(await feed.next()).toEqual([
      { user: { id: '1', nickname: 'User_1' }, rxBytesPerSecond: 2_500, txBytesPerSecond: 150 },
    ]);
    // The poll after that read no more bytes; the ones after it have nothing to tell.
    expect(flat(await feed.next())).toEqual([['1', 0, 0]]);
    await app.polled();
    await app.polled();
    move(app, 500, [app.offline, 1_000n, 0n]);
    expect(flat(await feed.next())).toEqual([['2', 2_000, 0]]);
    expect(flat(await feed.next())).toEqual([['2', 0, 0]]);
  });

  it('tells only of users whose rate is another than before', async () => {
    // Polls far enough apart for what is moved after one to be there at the next.
    const app = await startFleet({ env: { WGQL_POLL_INTERVAL_MS: '250' } });
    const feed = await begin(app);
    move(app, 1_000, [app.online, 700n, 70n], [app.offline, 800n, 80n]);
    expect(flat(await feed.next())).toEqual([
      ['1', 700, 70],
      ['2', 800, 80],
    ]);
    expect(flat(await feed.next())).toEqual([
      ['1', 0, 0],
      ['2', 0, 0],
    ]);
    // One goes on as it was and the other does not: only the other is told.
    const steady = await begin(app);
    for (const [rx, told] of [
      [
        100n,
        [
          ['1', 700, 0],
          ['2', 100, 0],
        ],
      ],
      [200n, [['2', 200, 0]]],
    ] as const) {
      // Both moves lie between two polls that follow each other.
      move(app, 1_000, [app.online, 700n, 0n], [app.offline, rx, 0n]);
      expect(flat(await steady.next())).toEqual(told);
    }
  });

  it('tells only of the users that were asked for', async () => {
    const app = await startFleet();
    const feed = await begin(app, { userIds: [2] });
    move(app, 1_000, [app.online, 10n, 0n]);
    await app.polled();
    move(app, 1_000, [app.online, 30n, 0n], [app.offline, 20n, 0n]);
    expect(flat(await feed.next())).toEqual([['2', 20, 0]]);
  });

  it('keeps the pace that was asked for, and tells the newest value then', async () => {
    const app = await startFleet();
    const feed = await begin(app, { minIntervalMs: 1_000 });
    const brisk = await begin(app);
    move(app, 1_000, [app.online, 1n, 0n]);
    expect(flat(await feed.next())).toEqual([['1', 1, 0]]);
    const since = performance.now();
    expect(flat(await brisk.next())).toEqual([['1', 1, 0]]);
    for (const rx of [10n, 20n]) {
      let told: unknown = null;
      move(app, 1_000, [app.online, rx, 0n]);
      while (told !== Number(rx)) [{ rxBytesPerSecond: told }] = await brisk.next();
    }
    await brisk.next();
    // What the slower stream has not told is gone; what it tells is what the quick one told last.
    expect(flat(await feed.next())).toEqual([['1', 0, 0]]);
    expect(performance.now() - since).toBeGreaterThan(950);
  });

  it('comes over server-sent events too', async () => {
    const app = await startFleet();
    const feed = await watchEvents(app, EVERYTHING);
    await app.polled();
    move(app, 1_000, [app.online, 42n, 0n]);
    expect(await feed.next()).toEqual([{ user: { id: '1' }, rxBytesPerSecond: 42 }]);
  });

  it('refuses an interval that is none', async () => {
    const app = await startFleet();
    for (const minIntervalMs of [-1, 3_600_001]) {
      const stream = connectClient(app).iterate({ query: TRAFFIC, variables: { minIntervalMs } });
      const { value } = await within('the refusal', stream.next());
      expect(value.errors[0].extensions).toMatchObject({
        code: 'INVALID_ARGUMENT',
        fields: [{ field: 'minIntervalMs' }],
      });
    }
  });

  it('is completed when the program stops, however slow the pace', async () => {
    const app = await startFleet();
    const feed = await begin(app, { minIntervalMs: 3_600_000 });
    move(app, 1_000, [app.online, 1n, 0n]);
    await feed.next();
    await app.app.stop();
    const end = feed.completed().then(
      () => 'completed',
      () => 'cut off',
    );
    expect(await end).toBe('completed');
  });
});

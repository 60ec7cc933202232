import { describe, expect, it } from 'vitest';
import type { FakePeer } from '../fixtures/fake-interface.ts';
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

/** Advances the time while these peers transfer these bytes; the next poll observes both. */
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

/** A stream that has certainly begun: its first polls are complete. */
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
  it('sends bytes per second of users with traffic, and zeros once when it stops', async () => {
    const app = await startFleet();
    const feed = await begin(app);
    move(app, 2_000, [app.online, 5_000n, 300n]);
    expect(await feed.next()).toEqual([
      { user: { id: '1', nickname: 'User_1' }, rxBytesPerSecond: 2_500, txBytesPerSecond: 150 },
    ]);
    // The following poll read no more bytes; later polls have no changes to send.
    expect(flat(await feed.next())).toEqual([['1', 0, 0]]);
    await app.polled();
    await app.polled();
    move(app, 500, [app.offline, 1_000n, 0n]);
    expect(flat(await feed.next())).toEqual([['2', 2_000, 0]]);
    expect(flat(await feed.next())).toEqual([['2', 0, 0]]);
  });

  it('sends only users whose rate has changed', async () => {
    const app = await startFleet();
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
    // One rate stays the same and the other changes: only the latter is sent.
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
      // Another poll would find no further bytes.
      await app.clock.asleep();
      move(app, 1_000, [app.online, 700n, 0n], [app.offline, rx, 0n]);
      app.clock.wake();
      expect(flat(await steady.received())).toEqual(told);
    }
  });

  it('sends only the requested users', async () => {
    const app = await startFleet();
    const feed = await begin(app, { userIds: [2] });
    move(app, 1_000, [app.online, 10n, 0n]);
    await app.polled();
    move(app, 1_000, [app.online, 30n, 0n], [app.offline, 20n, 0n]);
    expect(flat(await feed.next())).toEqual([['2', 20, 0]]);
  });

  it('keeps the requested interval, and then sends the newest value', async () => {
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
    // The slower stream skips intermediate rates; what it sends equals the last rates of the faster one.
    expect(flat(await feed.next())).toEqual([['1', 0, 0]]);
    expect(performance.now() - since).toBeGreaterThan(950);
  });

  it('is also sent over server-sent events', async () => {
    const app = await startFleet();
    const feed = await watchEvents(app, EVERYTHING);
    await app.polled();
    move(app, 1_000, [app.online, 42n, 0n]);
    expect(await feed.next()).toEqual([{ user: { id: '1' }, rxBytesPerSecond: 42 }]);
  });

  it('rejects an invalid interval', async () => {
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

  it('completes when the program stops, however long the interval', async () => {
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

import { describe, expect, it } from 'vitest';
import type { TestApp } from '../fixtures/test-app.ts';
import { startFleet } from '../rest/support.ts';
import { connectClient, type Feed, PRESENCE, watch, watchEvents } from './support.ts';

interface Change {
  readonly isOnline: boolean;
  readonly at: string;
  readonly user: { readonly id: string };
  readonly session: { readonly id: string; readonly endedAt: string | null } | null;
}

type Watch = (app: TestApp, userIds?: readonly number[]) => Promise<Feed>;

const transports: readonly (readonly [name: string, watch: Watch])[] = [
  ['a WebSocket', async (app, userIds) => watch(connectClient(app), PRESENCE, { userIds })],
  ['server-sent events', (app, userIds) => watchEvents(app, PRESENCE, { userIds })],
];

describe.each(transports)('presence over %s', (_, open) => {
  it('starts with all users who are online and continues with changes', async () => {
    const app = await startFleet();
    const feed = await open(app);
    const at = '2026-01-15T12:00:00.000Z';
    expect(await feed.next()).toEqual([
      {
        isOnline: true,
        at,
        user: { id: '1', nickname: 'User_1' },
        session: { id: '1', startedAt: at, endedAt: null },
      },
    ]);
    app.clock.advance(10_000);
    app.wireguard.interface().shakeHands(app.offline);
    expect(await feed.next()).toEqual([
      {
        isOnline: true,
        at: '2026-01-15T12:00:10.000Z',
        user: { id: '2', nickname: 'User_2' },
        session: { id: '2', startedAt: '2026-01-15T12:00:10.000Z', endedAt: null },
      },
    ]);
    app.clock.advance(175_000);
    const [left] = await feed.next();
    expect(left).toEqual({
      isOnline: false,
      at,
      user: { id: '1', nickname: 'User_1' },
      session: null,
    });
  });

  it('sends all changes of one poll together, and each change once', async () => {
    const app = await startFleet();
    const feed = await open(app);
    await feed.next();
    app.clock.advance(300_000);
    const gone: Change[] = await feed.next();
    expect(gone.map(({ user, isOnline }) => [user.id, isOnline])).toEqual([['1', false]]);
    // Polls without a presence change send nothing.
    app.offline.rxBytes += 10n;
    await app.polled();
    for (const peer of [app.online, app.offline]) app.wireguard.interface().shakeHands(peer);
    const back: Change[] = await feed.next();
    const arrivals = [...back];
    while (arrivals.length < 2) arrivals.push(...(await feed.next()));
    expect(arrivals.map(({ user }) => user.id).sort()).toEqual(['1', '2']);
    expect(arrivals.every(({ isOnline }) => isOnline)).toBe(true);
  });

  it('sends only the requested users', async () => {
    const app = await startFleet();
    const feed = await open(app, [2]);
    expect(await feed.next()).toEqual([]);
    app.clock.advance(300_000);
    await app.polled();
    app.wireguard.interface().shakeHands(app.offline);
    const changes: Change[] = await feed.next();
    expect(changes.map(({ user, isOnline }) => [user.id, isOnline])).toEqual([['2', true]]);
  });
});

describe('presence', () => {
  it('is rejected with a code if an id is not valid, and the stream ends', async () => {
    const app = await startFleet();
    const client = connectClient(app);
    const iterator = client.iterate<{ presence: unknown }>({
      query: PRESENCE,
      variables: { userIds: ['x'] },
    });
    const { value } = await iterator.next();
    expect(value.errors[0].extensions).toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: [{ field: 'userIds' }],
    });
    expect((await iterator.next()).done).toBe(true);
  });
});

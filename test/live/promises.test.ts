import { describe, expect, it } from 'vitest';
import { type Bus, createBus } from '../../src/live/bus.ts';
import type { LoggedEvent } from '../../src/live/topics.ts';
import type { Context } from '../../src/resolvers/context.ts';
import { liveEvents } from '../../src/resolvers/live/events.ts';
import { presence } from '../../src/resolvers/live/presence.ts';
import { liveTraffic } from '../../src/resolvers/live/traffic.ts';
import { eventStore } from '../../src/store/event.ts';
import { droppedEventId } from '../../src/store/meta.ts';
import { retain } from '../../src/store/retention.ts';
import { deferred, temporaryDatabaseWithSnapshots, UTC } from '../fixtures/test-store.ts';
import { within } from './support.ts';

const { signal: ended } = new AbortController();
const principal = { name: 'local', role: 'viewer', expiresAtMs: null, ended };

function contextOf(bus: Bus, store: object): Context {
  return { bus, store, principal, loaders: { clear: () => {} } } as unknown as Context;
}

const event = (id: number): LoggedEvent => ({
  id,
  type: 'USER_UPDATED',
  at: new Date(id),
  userId: null,
  sessionId: null,
  interface: null,
  endpoint: null,
  reason: null,
  actor: null,
});
const events = (...ids: number[]) => ids.map(event);

/** A log in a database with events that were not published. */
async function logged(ids: readonly number[]) {
  const { db, snapshots } = await temporaryDatabaseWithSnapshots();
  const log = async (...more: number[]) => {
    await db.event.createMany({ data: events(...more) });
  };
  await log(...ids);
  return { db, log, store: { events: eventStore(db, snapshots) } };
}

async function take(stream: AsyncIterator<{ id: number }>, count: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < count) {
    const { done, value } = await within('an event', stream.next());
    if (done) break;
    ids.push(value.id);
  }
  return ids;
}

describe('a stream of states', () => {
  it('registers before it reads its snapshot, so that no change is lost in between', async () => {
    const bus = createBus();
    const user = { id: 1, online: true, latestSessionId: null, updatedAt: new Date(0) };
    const findOnline = async () => {
      bus.publish('presence', [{ userId: 1, isOnline: true, at: new Date(0) }]);
      return [];
    };
    const store = { users: { findOnline, findMany: async () => [user] } };
    const stream = presence(contextOf(bus, store), {});
    expect(await stream.next()).toMatchObject({ value: [] });
    const { value } = await within('what came meanwhile', stream.next());
    expect(value).toMatchObject([{ isOnline: true, user: { id: 1 } }]);
    await stream.return?.();
  });

  it('is not ended by any number of changes while it pauses', async () => {
    const bus = createBus();
    const findMany = async (ids: number[]) => ids.map((id) => ({ id }));
    const stream = liveTraffic(contextOf(bus, { users: { findMany } }), { minIntervalMs: 50 });
    const rates = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        userId: from + index,
        rxBytesPerSecond: 1,
        txBytesPerSecond: 1,
      }));
    bus.publish('traffic', rates(1, 1));
    await stream.next();
    bus.publish('traffic', rates(2, 8_000));
    bus.publish('traffic', rates(8_002, 8_000));
    const { value } = await within('all of them', stream.next());
    expect(value).toHaveLength(16_000);
    await stream.return?.();
  });

  it('sends a rate once, although it changed and changed back during the pause', async () => {
    const bus = createBus();
    const findMany = async (ids: number[]) => ids.map((id) => ({ id }));
    const stream = liveTraffic(contextOf(bus, { users: { findMany } }), { minIntervalMs: 50 });
    const publish = (userId: number, rxBytesPerSecond: number) =>
      bus.publish('traffic', [{ userId, rxBytesPerSecond, txBytesPerSecond: 0 }]);
    publish(1, 100);
    expect(await stream.next()).toMatchObject({ value: [{ rxBytesPerSecond: 100 }] });
    publish(1, 200);
    publish(1, 100);
    publish(2, 0);
    publish(3, 7);
    expect(await stream.next()).toMatchObject({ value: [{ user: { id: 3 } }] });
    publish(1, 0);
    publish(3, 7);
    const { value } = await stream.next();
    expect(value).toMatchObject([{ user: { id: 1 }, rxBytesPerSecond: 0 }]);
    expect(value).toHaveLength(1);
    await stream.return?.();
  });
});

describe('a stream of events', () => {
  it('sends events committed during the replay once, after the replay', async () => {
    const bus = createBus();
    const { log, store } = await logged([1, 2, 3]);
    const stream = liveEvents(contextOf(bus, store), { after: '0' });
    expect(await take(stream, 2)).toEqual([1, 2]);
    await log(4, 5);
    bus.publish('events', events(4));
    bus.publish('events', events(5));
    expect(await take(stream, 3)).toEqual([3, 4, 5]);
    bus.publish('events', events(6));
    expect(await take(stream, 1)).toEqual([6]);
    await stream.return?.();
  });

  it('sends events in the order of the log, even if they are published in another order', async () => {
    const bus = createBus();
    const { log, store } = await logged([1]);
    const stream = liveEvents(contextOf(bus, store), { after: '1' });
    const told = take(stream, 5);
    await log(2, 3, 4);
    bus.publish('events', events(4));
    await log(5, 6);
    bus.publish('events', events(2, 3));
    bus.publish('events', events(6, 5));
    expect(await told).toEqual([2, 3, 4, 5, 6]);
    await stream.return?.();
  });

  it('reads from the log what another process has committed', async () => {
    const bus = createBus();
    const { log, store } = await logged([1]);
    const stream = liveEvents(contextOf(bus, store), {});
    const told = take(stream, 4);
    bus.publish('events', events(2));
    await log(2, 3, 4, 5);
    bus.publish('events', events(5));
    expect(await told).toEqual([2, 3, 4, 5]);
    await stream.return?.();
  });

  it('does not end with CURSOR_EXPIRED because of events that its filter excludes', async () => {
    const bus = createBus();
    const { db, log, store } = await logged([1, 2, 3]);
    const replayed = deferred();
    let looks = 0;
    const bounds: typeof store.events.bounds = async () => {
      const found = await store.events.bounds();
      // Once before and once after the only page.
      if (++looks === 2) replayed.resolve();
      return found;
    };
    const ctx = contextOf(bus, { events: { ...store.events, bounds } });
    const stream = liveEvents(ctx, { after: '1', types: ['USER_DELETED'] });
    const told = take(stream, 1);
    await replayed.promise;
    await log(4);
    bus.publish('events', events(4));
    await db.event.deleteMany({ where: { id: { lte: 3 } } });
    const type = 'USER_DELETED';
    await db.event.create({ data: { ...event(5), type } });
    bus.publish('events', [{ ...event(5), type }]);
    expect(await told).toEqual([5]);
    await stream.return?.();
  });

  it('ends with CURSOR_EXPIRED behind a gap that a wrong clock has left in the log', async () => {
    const { db, store } = await logged([]);
    const now = new Date('2026-05-01T00:00:00Z');
    const at = (days: number) => new Date(now.getTime() + days * 86_400_000);
    const ages = [400, -10, -10, -10, 0, 0];
    await db.event.createMany({
      data: ages.map((days, index) => ({ ...event(index + 1), at: at(days) })),
    });
    const keep = { quarterHours: 0, hours: 0, sessions: 0, events: 5 };
    await retain(db, UTC, keep, now);
    expect(await droppedEventId(db)).toBe(4);
    const bus = createBus();
    const replay = (after: string) => take(liveEvents(contextOf(bus, store), { after }), 2);
    for (const after of ['1', '2', '3']) {
      await expect(replay(after), after).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    }
    expect(await replay('4')).toEqual([5, 6]);
    expect(await replay('0')).toEqual([1, 5]);
    await retain(db, UTC, keep, now);
    expect(await droppedEventId(db)).toBe(4);
  });

  it.each(['3', '2147483648', '9007199254740993', '9'.repeat(400)])(
    'is CURSOR_EXPIRED after event %s, which has not come yet',
    async (after) => {
      const { store } = await logged([1, 2]);
      const stream = liveEvents(contextOf(createBus(), store), { after });
      await expect(stream.next()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    },
  );
});

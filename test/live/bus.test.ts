import { describe, expect, it } from 'vitest';
import { createBus, type Subscription } from '../../src/live/bus.ts';
import type { LoggedEvent, PresenceChange } from '../../src/live/topics.ts';

const event = (id: number): LoggedEvent => ({
  id,
  type: 'PEER_ADDED',
  at: new Date(0),
  userId: null,
  sessionId: null,
  interface: null,
  endpoint: null,
  reason: null,
  actor: null,
});

const presence = (userId: number, isOnline: boolean): PresenceChange => ({
  userId,
  isOnline,
  at: new Date(0),
});

async function take<T>(subscription: Subscription<T>): Promise<readonly T[] | 'ended'> {
  for await (const batch of subscription) return batch;
  return 'ended';
}

describe('the bus', () => {
  it('keeps values published since the subscription, before any value was read', async () => {
    const bus = createBus();
    bus.publish('events', [event(1)]);
    const subscription = bus.subscribe('events');
    bus.publish('events', [event(2), event(3)]);
    bus.publish('events', [event(4)]);
    expect(await take(subscription)).toEqual([event(2), event(3), event(4)]);
  });

  it('separates topics and subscribers', async () => {
    const bus = createBus();
    const [one, other] = [bus.subscribe('events'), bus.subscribe('events')];
    const online = bus.subscribe('presence');
    bus.publish('events', [event(1)]);
    bus.publish('presence', [presence(7, true)]);
    expect(await take(one)).toEqual([event(1)]);
    expect(await take(other)).toEqual([event(1)]);
    expect(await take(online)).toEqual([presence(7, true)]);
  });

  it('keeps the newest presence of each user, and every event', async () => {
    const bus = createBus();
    const online = bus.subscribe('presence');
    const commits = bus.subscribe('commit');
    bus.publish('presence', [presence(1, true), presence(2, true)]);
    bus.publish('presence', [presence(1, false)]);
    for (let ms = 0; ms < 20_000; ms++) bus.publish('commit', [{ at: new Date(ms) }]);
    expect(await take(online)).toEqual([presence(2, true), presence(1, false)]);
    expect(await take(commits)).toEqual([{ at: new Date(19_999) }]);
  });

  it('ends only the slow subscriber, and publishing never throws', async () => {
    const bus = createBus();
    const slow = bus.subscribe('events');
    const quick = bus.subscribe('events');
    let read = 0;
    for (let id = 0; id < 12_000; id += 1_000) {
      bus.publish(
        'events',
        Array.from({ length: 1_000 }, (_, index) => event(id + index)),
      );
      const batch = await take(quick);
      if (batch !== 'ended') read += batch.length;
    }
    expect(read).toBe(12_000);
    await expect(take(slow)).rejects.toMatchObject({ code: 'SLOW_CONSUMER' });
    expect(() => bus.publish('events', [event(99)])).not.toThrow();
    expect(await take(quick)).toEqual([event(99)]);
  });

  it('ends a subscription that is closed, and no other', async () => {
    const bus = createBus();
    const closed = bus.subscribe('events');
    const open = bus.subscribe('events');
    const waiting = take(closed);
    closed.close();
    closed.close();
    bus.publish('events', [event(1)]);
    expect(await waiting).toBe('ended');
    expect(await take(open)).toEqual([event(1)]);
  });

  it('ends all subscriptions when it is closed, and later ones immediately', async () => {
    const bus = createBus();
    const waiting = [take(bus.subscribe('events')), take(bus.subscribe('presence'))];
    bus.close();
    expect(await Promise.all(waiting)).toEqual(['ended', 'ended']);
    const late = bus.subscribe('events');
    bus.publish('events', [event(1)]);
    expect(await take(late)).toBe('ended');
  });
});

import { describe, expect, it } from 'vitest';
import { createBus } from '../../src/live/bus.ts';
import type { Context } from '../../src/resolvers/context.ts';
import { liveEvents } from '../../src/resolvers/live/events.ts';
import { eventStore } from '../../src/store/event.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { temporaryDatabaseWithSnapshots } from '../fixtures/test-store.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { startFleet } from '../rest/support.ts';
import {
  connectClient,
  DASHBOARD,
  type Feed,
  openSocket,
  socketUrl,
  watch,
  watchEvents,
  within,
} from './support.ts';

const EVENTS = `subscription ($after: ID, $types: [EventType!], $userIds: [ID!]) {
  events(after: $after, types: $types, userIds: $userIds) { id type userId user { nickname } } }`;

interface LogEvent {
  readonly id: string;
  readonly type: string;
  readonly userId: string | null;
  readonly user: { readonly nickname: string } | null;
}

interface Variables {
  readonly after?: string;
  readonly types?: readonly string[];
  readonly userIds?: readonly number[];
}

const idOf = ({ id }: LogEvent) => Number(id);
const rename = (app: TestApp, nickname: string, id = 1) =>
  app.post(`/api/users/${id}/update`, { nickname });

/** The whole log, as returned by the query. */
async function logOf(app: TestApp): Promise<LogEvent[]> {
  const log: LogEvent[] = [];
  for (;;) {
    const { data } = await app.graphql(
      `query ($after: String) { events(first: 1000, after: $after) {
        edges { node { id type userId user { nickname } } } pageInfo { hasNextPage } } }`,
      { after: log.at(-1)?.id ?? '0' },
    );
    log.push(...data.events.edges.map(({ node }: { node: LogEvent }) => node));
    if (!data.events.pageInfo.hasNextPage) return log;
  }
}

/** Reads events up to the one with this id, which is in the log. */
async function takeUntil(feed: Feed, id: number): Promise<LogEvent[]> {
  const taken: LogEvent[] = [];
  while (Number(taken.at(-1)?.id ?? 0) < id) taken.push(await feed.received());
  return taken;
}

/** The error code with which a subscription is rejected. */
async function refusal(app: TestApp, variables: Variables): Promise<string> {
  const stream = connectClient(app).iterate({ query: EVENTS, variables: { ...variables } });
  const { value } = await within('the refusal', stream.next());
  const code = value.errors?.[0]?.extensions.code;
  expect((await stream.next()).done).toBe(true);
  return code;
}

/** A subscription that is certainly active: a request sent after it has been answered. */
async function subscribe(app: TestApp, variables: Variables = {}): Promise<Feed> {
  const client = connectClient(app);
  const feed = watch(client, EVENTS, { ...variables });
  await watch(client, '{ status { demo } }').next();
  return feed;
}

describe('events without a cursor', () => {
  it('are only new ones', async () => {
    const app = await startFleet();
    const before = await logOf(app);
    expect(before.length).toBeGreaterThan(0);
    const feed = await subscribe(app);
    await rename(app, 'Ada');
    const event: LogEvent = await feed.next();
    expect(event).toMatchObject({ type: 'USER_UPDATED', userId: '1', user: { nickname: 'Ada' } });
    expect(idOf(event)).toBeGreaterThan(Math.max(...before.map(idOf)));
  });

  it('contain the user as of the time of each event', async () => {
    const app = await startFleet();
    const feed = await subscribe(app);
    for (const nickname of ['Ada', 'Grace', 'Edsger']) {
      await rename(app, nickname);
      expect(await feed.next()).toMatchObject({ user: { nickname } });
    }
  });

  it('are only those of the requested types and users', async () => {
    const app = await startFleet();
    const [typed, owned, both] = [
      await subscribe(app, { types: ['SESSION_STARTED'] }),
      await subscribe(app, { userIds: [2] }),
      await subscribe(app, { types: ['USER_UPDATED'], userIds: [2] }),
    ];
    await rename(app, 'Ada', 1);
    app.wireguard.interface().shakeHands(app.offline);
    await app.polled();
    await rename(app, 'Grace', 2);
    expect(await typed.next()).toMatchObject({ type: 'SESSION_STARTED', userId: '2' });
    expect(await owned.next()).toMatchObject({ type: 'SESSION_STARTED', userId: '2' });
    expect(await owned.next()).toMatchObject({ type: 'USER_UPDATED', userId: '2' });
    expect(await both.next()).toMatchObject({ type: 'USER_UPDATED', userId: '2' });
    await rename(app, 'Barbara', 2);
    expect(await both.next()).toMatchObject({ user: { nickname: 'Barbara' } });
  });
});

describe('events after a cursor', () => {
  it.each([
    ['a WebSocket', async (app: TestApp, variables: Variables) => subscribe(app, variables)],
    [
      'server-sent events',
      (app: TestApp, given: Variables) => watchEvents(app, EVENTS, { ...given }),
    ],
  ])('over %s are all stored events, then new ones, each once and in order', async (_, open) => {
    const app = await startFleet();
    for (let count = 0; count < 700; count++) app.wireguard.interface().addPeer();
    await app.polled();
    const feed = await open(app, { after: '0' });
    const taken = [await feed.next(), await feed.next()];
    for (let round = 0; round < 5; round++) {
      for (let count = 0; count < 20; count++) app.wireguard.interface().addPeer();
      await Promise.all([rename(app, `a${round}`, 1), rename(app, `b${round}`, 2), app.polled()]);
    }
    const log = await logOf(app);
    expect(log.length).toBeGreaterThan(800);
    const lastId = Number(log.at(-1)?.id);
    taken.push(...(await takeUntil(feed, lastId)));
    expect(taken.map(idOf)).toEqual(log.map(idOf));
  });

  it('are only those that match the filter, both stored and new ones', async () => {
    const app = await startFleet();
    await rename(app, 'Ada', 1);
    await rename(app, 'Grace', 2);
    const feed = await subscribe(app, { after: '0', types: ['USER_UPDATED'], userIds: [2] });
    expect(await feed.next()).toMatchObject({ type: 'USER_UPDATED', userId: '2' });
    await rename(app, 'Barbara', 1);
    await rename(app, 'Edsger', 2);
    expect(await feed.next()).toMatchObject({ userId: '2', user: { nickname: 'Edsger' } });
  });

  it('include events across a restart of the program', async () => {
    const app = await startFleet();
    const feed = await subscribe(app, { after: '0' });
    const seen: LogEvent[] = await takeUntil(feed, Number((await logOf(app)).at(-1)?.id));
    await rename(app, 'Ada');
    app.wireguard.interface().addPeer();
    // The last poll records the new peer while the stream ends; missed events follow after the cursor.
    await app.restart();
    app.wireguard.interface().addPeer();
    await app.polled();
    await rename(app, 'Grace');
    const log = await logOf(app);
    const again = await subscribe(app, { after: seen.at(-1)?.id ?? '' });
    seen.push(...(await takeUntil(again, Number(log.at(-1)?.id))));
    expect(seen.map(idOf)).toEqual(log.map(idOf));
    expect(log.filter(({ type }) => type === 'PEER_ADDED')).toHaveLength(4);
  });

  it('are rejected as CURSOR_EXPIRED after an id that the log has not reached', async () => {
    const app = await startFleet();
    const newest = Number((await logOf(app)).at(-1)?.id);
    expect(await refusal(app, { after: String(newest + 1) })).toBe('CURSOR_EXPIRED');
    const feed = await subscribe(app, { after: String(newest) });
    await rename(app, 'Ada');
    expect(idOf(await feed.next())).toBe(newest + 1);
  });

  it('are rejected as CURSOR_EXPIRED if the log does not reach back so far', async () => {
    const app = await startFleet({ env: { WGQL_KEEP_EVENTS_DAYS: '1' } });
    await rename(app, 'Ada');
    await rename(app, 'Grace');
    // Only whole local days are deleted.
    app.clock.advance(2 * 24 * 3600_000);
    await rename(app, 'Barbara');
    const newest = Number((await logOf(app)).at(-1)?.id);
    await app.restart();
    const oldest = await app.eventually('the retention', async () => {
      const first = idOf((await logOf(app))[0] as LogEvent);
      return first > 2 && first;
    });
    expect(oldest).toBeLessThanOrEqual(newest);
    expect(await refusal(app, { after: String(oldest - 2) })).toBe('CURSOR_EXPIRED');
    const feed = await subscribe(app, { after: String(oldest - 1) });
    expect(idOf(await feed.next())).toBe(oldest);
    const all = await subscribe(app, { after: '0' });
    expect(idOf(await all.next())).toBe(oldest);
  });

  it('are rejected as INVALID_ARGUMENT if the cursor is not valid', async () => {
    const app = await startFleet();
    for (const after of ['', '-1', 'x', '1.5']) {
      expect(await refusal(app, { after }), after).toBe('INVALID_ARGUMENT');
    }
  });
});

describe('a subscription to events', () => {
  it('receives all events of one poll, however many, and can continue from a cursor', async () => {
    const app = await startFleet();
    const one = await openSocket(socketUrl(app));
    const start = (id: string, query: string, after?: string) =>
      one.send({ id, type: 'subscribe', payload: { query, variables: { after } } });
    // Selects nothing that would be loaded again for each of ten thousand events.
    const bare = 'subscription ($after: ID) { events(after: $after) { id } }';
    start('live', bare);
    start('other', DASHBOARD);
    await one.received('next', 'other');
    const cursor = String((await logOf(app)).at(-1)?.id);
    const wg0 = app.wireguard.interface();
    for (let count = 0; count < 5_050; count++) wg0.shakeHands(wg0.addPeer());
    const told = (id: string) =>
      one.messages.flatMap((message) =>
        message.id === id && message.type === 'next'
          ? [idOf((message.payload as { data: { events: LogEvent } }).data.events)]
          : [],
      );
    await app.polled();
    await waitFor('all of the poll', async () => told('live').length >= 10_100);
    start('again', bare, cursor);
    const missed = (await logOf(app)).map(idOf).filter((id) => id > Number(cursor));
    expect(missed).toHaveLength(10_100);
    expect(told('live')).toEqual(missed);
    await waitFor('the replay', async () => told('again').length >= missed.length);
    expect(told('again')).toEqual(missed);
    expect(one.messages.some(({ id, type }) => id === 'other' && type === 'complete')).toBe(false);
  });

  it('receives all events of one poll over server-sent events too', async () => {
    const app = await startFleet();
    const feed = await watchEvents(app, 'subscription { events { id } }');
    await app.polled();
    const newest = idOf((await logOf(app)).at(-1) as LogEvent);
    const wg0 = app.wireguard.interface();
    for (let count = 0; count < 3_000; count++) wg0.addPeer();
    await app.polled();
    const told = await takeUntil(feed, newest + 3_000);
    expect(told.map(idOf)).toEqual(Array.from({ length: 3_000 }, (_, index) => newest + 1 + index));
  });

  it('ends with CURSOR_EXPIRED when entries are deleted while a slow reader replays the log', async () => {
    const { db, snapshots } = await temporaryDatabaseWithSnapshots();
    const at = new Date();
    const row = { type: 'USER_UPDATED', at };
    await db.event.createMany({ data: Array.from({ length: 1_200 }, () => row) });
    const { signal: ended } = new AbortController();
    const principal = { name: 'local', role: 'viewer', expiresAtMs: null, ended };
    const store = { events: eventStore(db, snapshots) };
    const ctx = { bus: createBus(), principal, store } as unknown as Context;
    const events = liveEvents(ctx, { after: '0' });
    const taken = [await events.next(), await events.next()];
    await db.event.deleteMany({ where: { id: { lte: 700 } } });
    const readOn = async () => {
      for (let next = await events.next(); !next.done; next = await events.next()) taken.push(next);
    };
    await expect(readOn()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    expect(taken.map(({ value }) => (value as { id: number }).id)).toEqual(
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
  });

  it('leaves the bus as soon as it ends, also while nothing happens', async () => {
    const bus = createBus();
    const open = new Set<object>();
    const counted: Context['bus'] = {
      ...bus,
      subscribe: (topic) => {
        const subscription = bus.subscribe(topic);
        open.add(subscription);
        const close = () => {
          open.delete(subscription);
          subscription.close();
        };
        return { ...subscription, close };
      },
    };
    const { signal: ended } = new AbortController();
    const ctx = {
      bus: counted,
      principal: { name: 'local', role: 'viewer', expiresAtMs: null, ended },
    } as Context;
    const events = liveEvents(ctx, {});
    void events.next();
    expect(open.size).toBe(1);
    await within('the end', Promise.resolve(events.return?.()), 1_000);
    expect(open.size).toBe(0);
  });
});

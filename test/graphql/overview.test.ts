import { describe, expect, it } from 'vitest';
import { testClock } from '../fixtures/test-clock.ts';
import { makeToken } from '../fixtures/tokens.ts';
import { startFleet } from '../rest/support.ts';
import { expectError } from './support.ts';

const POINTS = 'start end rx tx estimated';

interface Point {
  readonly start: string;
  readonly end: string;
  readonly rx: string;
}

const minutes = ({ start, end }: Point) => (Date.parse(end) - Date.parse(start)) / 60_000;

describe('an interface', () => {
  it('has an id, addresses and counts, also by the names of earlier versions', async () => {
    const app = await startFleet({
      prepare: (wireguard) => {
        wireguard.networks = ['10.8.0.1/24', 'fd00::1/64'];
      },
    });
    const read = async () => {
      const { data } = await app.graphql(
        '{ status { interfaces { id name addresses peerCount onlineCount peers online } } }',
      );
      return data.status.interfaces;
    };
    const counts = { peerCount: 2, onlineCount: 1, peers: 2, online: 1 };
    const addresses = ['10.8.0.1/24', 'fd00::1/64'];
    expect(await read()).toEqual([{ id: 'wg0', name: 'wg0', addresses, ...counts }]);
  });
});

describe('the id of the newest event', () => {
  const lastId = async (app: Awaited<ReturnType<typeof startFleet>>, headers = {}) =>
    (await app.graphql('{ status { lastEventId } }', {}, headers)).data.status.lastEventId;

  it('is that of the log, so that a subscription continues there', async () => {
    const app = await startFleet();
    const before = await lastId(app);
    const { data } = await app.graphql('{ events(last: 1) { edges { node { id } } } }');
    expect(before).toBe(data.events.edges[0].node.id);
    await app.graphql('mutation { updateUser(id: 1, input: { nickname: "x" }) { user { id } } }');
    expect(await lastId(app)).toBe(String(Number(before) + 1));
  });

  it('is that of the own users for a token of an owner', async () => {
    const app = await startFleet();
    const { headers } = await makeToken(app, { name: 'ada', role: 'ADMIN' });
    const self = await makeToken(app, { name: 'b', role: 'SELF', owner: 'Bob' }, headers);
    expect(await lastId(app, self.headers)).toBe('0');
    await app.graphql(
      'mutation { updateUser(id: 1, input: { owner: "Bob" }) { user { id } } }',
      {},
      headers,
    );
    const own = await lastId(app, self.headers);
    await app.graphql(
      'mutation { updateUser(id: 2, input: { note: "x" }) { user { id } } }',
      {},
      headers,
    );
    expect(await lastId(app, self.headers)).toBe(own);
    expect(Number(await lastId(app, headers))).toBeGreaterThan(Number(own));
  });
});

describe('dashboard and status', () => {
  it('return the counts and sums, byte counts as decimal strings', async () => {
    const app = await startFleet();
    app.online.rxBytes += 9_223_372_036_854_775_807n;
    app.offline.rxBytes += 5n;
    app.offline.txBytes += 6n;
    await app.polled();
    const { data } = await app.graphql(`{
      dashboard { totalUsers onlineUsers activeSessions totalRx totalTx todayRx todayTx recordStart }
      status { running stale managing demo lastPollAt lastError onlineUsers totalUsers
        onlineWindowSeconds pollIntervalSeconds uptimeSeconds
        interfaces { name publicKey listenPort up lastReadAt peers online rx tx } }
    }`);
    const at = '2026-01-15T12:00:00.000Z';
    expect(data.dashboard).toEqual({
      totalUsers: 2,
      onlineUsers: 1,
      activeSessions: 1,
      totalRx: '9223372036854775807',
      totalTx: '6',
      todayRx: '9223372036854775807',
      todayTx: '6',
      recordStart: at,
    });
    expect(data.status).toEqual({
      running: true,
      stale: false,
      managing: true,
      demo: false,
      lastPollAt: at,
      lastError: null,
      onlineUsers: 1,
      totalUsers: 2,
      onlineWindowSeconds: 180,
      pollIntervalSeconds: 0.1,
      uptimeSeconds: 0,
      interfaces: [
        {
          name: 'wg0',
          publicKey: null,
          listenPort: 51820,
          up: true,
          lastReadAt: at,
          peers: 2,
          online: 1,
          rx: '9223372036854775807',
          tx: '6',
        },
      ],
    });
  });

  it('say in which zone days begin, what time it is, and for how long records are kept', async () => {
    const query = `{ status { timeZone serverTime
      retention { quarterHoursDays hoursDays eventsDays sessionsDays } } }`;
    const serverTime = '2026-01-15T12:00:00.000Z';
    const set = await startFleet({
      env: {
        WGQL_TIME_ZONE: 'Asia/Shanghai',
        WGQL_KEEP_QUARTER_HOURS_DAYS: '1',
        WGQL_KEEP_HOURS_DAYS: '2',
        WGQL_KEEP_EVENTS_DAYS: '3',
        WGQL_KEEP_SESSIONS_DAYS: '4',
      },
    });
    expect((await set.graphql(query)).data.status).toEqual({
      ...{ timeZone: 'Asia/Shanghai', serverTime },
      retention: { quarterHoursDays: 1, hoursDays: 2, eventsDays: 3, sessionsDays: 4 },
    });
    const unset = await startFleet();
    expect((await unset.graphql(query)).data.status).toEqual({
      ...{ timeZone: 'UTC', serverTime },
      retention: { quarterHoursDays: 90, hoursDays: 730, eventsDays: 365, sessionsDays: 0 },
    });
  });

  it('report stale numbers once an interface was unreadable for longer than the window', async () => {
    const app = await startFleet();
    app.wireguard.interface().unknown = { en: 'it sleeps', zh: '睡着了' };
    await app.polled();
    const read = async () =>
      (await app.graphql('{ status { stale lastError onlineUsers } }')).data.status;
    expect(await read()).toEqual({ stale: false, lastError: 'wg0: it sleeps', onlineUsers: 1 });
    app.clock.advance(181_000);
    await app.polled();
    expect(await read()).toEqual({ stale: true, lastError: 'wg0: it sleeps', onlineUsers: 1 });
  });
});

describe('traffic', () => {
  it('is returned in buckets of each length, oldest first, including empty ones', async () => {
    const clock = testClock(Date.UTC(2026, 0, 15, 1, 5));
    const app = await startFleet({ clock });
    app.online.rxBytes += 10n;
    await app.polled();
    clock.advance(40 * 60_000);
    await app.polled();
    app.online.txBytes += 7n;
    await app.polled();
    const { data } = await app.graphql(`{
      quarters: traffic(bucket: QUARTER_HOUR) { ${POINTS} }
      hours: traffic(bucket: HOUR) { ${POINTS} }
      days: traffic(bucket: DAY) { ${POINTS} }
      months: traffic(bucket: MONTH) { ${POINTS} }
      span: traffic(bucket: QUARTER_HOUR, from: "2026-01-15T01:10:00Z", to: "2026-01-15T01:16:00Z") { ${POINTS} }
      empty: traffic(bucket: DAY, from: "2026-01-15T00:00:00Z", to: "2026-01-15T00:00:00Z") { ${POINTS} }
      mine: user(id: 1) { traffic(bucket: HOUR) { ${POINTS} } }
      theirs: user(id: 2) { traffic(bucket: HOUR) { ${POINTS} } }
      one: traffic(bucket: HOUR, userId: 1) { ${POINTS} }
    }`);
    expect(data.quarters).toHaveLength(8);
    expect(data.quarters[4]).toEqual({
      start: '2026-01-15T01:00:00.000Z',
      end: '2026-01-15T01:15:00.000Z',
      rx: '10',
      tx: '0',
      estimated: false,
    });
    expect(data.quarters[6]).toMatchObject({ start: '2026-01-15T01:30:00.000Z', rx: '0', tx: '0' });
    expect(data.hours.map(({ rx, tx }: { rx: string; tx: string }) => [rx, tx])).toEqual([
      ['0', '0'],
      ['10', '7'],
    ]);
    expect(data.days).toHaveLength(30);
    expect(data.days.at(-1)).toMatchObject({
      start: '2026-01-15T00:00:00.000Z',
      rx: '10',
      tx: '7',
    });
    expect(data.months).toHaveLength(12);
    expect(data.months[0].start).toBe('2025-02-01T00:00:00.000Z');
    expect(data.months.at(-1)).toMatchObject({
      end: '2026-02-01T00:00:00.000Z',
      rx: '10',
      tx: '7',
    });
    expect(data.span.map(({ start }: Point) => start)).toEqual([
      '2026-01-15T01:00:00.000Z',
      '2026-01-15T01:15:00.000Z',
    ]);
    expect(data.empty).toEqual([]);
    expect(data.mine.traffic).toEqual(data.hours);
    expect(data.one).toEqual(data.hours);
    expect(data.theirs.traffic.map(({ rx }: Point) => rx)).toEqual(['0', '0']);
  });

  it('follows the days of the requested zone, also those of 23 and 25 hours', async () => {
    const app = await startFleet({ env: { WGQL_TIME_ZONE: 'Asia/Kathmandu' } });
    app.online.rxBytes += 10n;
    await app.polled();
    const { data } = await app.graphql(`{
      spring: traffic(bucket: DAY, timeZone: "America/New_York", from: "2026-03-07T12:00:00Z", to: "2026-03-09T12:00:00Z") { ${POINTS} }
      autumn: traffic(bucket: DAY, timeZone: "America/New_York", from: "2026-11-01T12:00:00Z", to: "2026-11-01T12:00:01Z") { ${POINTS} }
      local: traffic(bucket: DAY, from: "2026-01-15T12:00:00Z") { ${POINTS} }
      hours: traffic(bucket: HOUR, from: "2026-01-15T12:00:00Z") { ${POINTS} }
    }`);
    expect(data.spring.map(minutes)).toEqual([1440, 1380, 1440]);
    expect(data.autumn.map(minutes)).toEqual([1500]);
    expect(data.local).toMatchObject([{ start: '2026-01-14T18:15:00.000Z', rx: '10' }]);
    expect(data.hours).toMatchObject([{ start: '2026-01-15T11:15:00.000Z', rx: '10' }]);
  });

  it('is rejected for an unknown user, zone or bucket, or for too many points', async () => {
    const app = await startFleet();
    const ask = (args: string) => app.graphql(`{ traffic(${args}) { start } }`);
    expectError(await ask('bucket: DAY, userId: 9'), 'NOT_FOUND');
    expectError(await ask('bucket: DAY, userId: "x"'), 'INVALID_ARGUMENT', ['userId']);
    expectError(await ask('bucket: DAY, timeZone: "Mars/Olympus"'), 'INVALID_ARGUMENT', [
      'timeZone',
    ]);
    expectError(
      await ask('bucket: QUARTER_HOUR, from: "2000-01-01T00:00:00Z"'),
      'INVALID_ARGUMENT',
      ['from'],
    );
  });

  it('accepts every time that can be formatted', async () => {
    const app = await startFleet({ env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    for (const zone of ['Asia/Shanghai', 'America/New_York']) {
      for (const bucket of ['QUARTER_HOUR', 'HOUR', 'DAY', 'MONTH']) {
        for (const [from, to] of [
          ['-271821-04-20T00:00:00Z', '-271821-04-20T00:30:00Z'],
          ['+275760-09-12T23:30:00Z', '+275760-09-13T00:00:00Z'],
        ]) {
          const answer = await app.graphql(
            `{ traffic(bucket: ${bucket}, timeZone: "${zone}", from: "${from}", to: "${to}") { rx } }`,
          );
          const code = answer.errors?.[0]?.extensions.code;
          expect.soft([undefined, 'INVALID_ARGUMENT'], `${bucket} ${zone} ${from}`).toContain(code);
        }
      }
    }
  });
});

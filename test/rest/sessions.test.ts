import { describe, expect, it } from 'vitest';
import { startTestApp } from '../fixtures/test-app.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { startFleet } from './support.ts';

const SESSION_KEYS = [
  'id',
  'user_id',
  'nickname',
  'peer_pubkey',
  'start_time',
  'end_time',
  'last_update',
  'session_rx',
  'session_tx',
  'duration_seconds',
  'login_ip',
  'endpoint_info',
  'status',
];

describe('GET /api/events', () => {
  it('returns the latest session of each user with sessions, with every key', async () => {
    const app = await startFleet();
    app.clock.advance(60_000);
    app.online.rxBytes += 300n;
    app.online.txBytes += 400n;
    await app.polled();
    app.clock.advance(30_000);
    const { body } = await app.rest('/api/events');
    expect(body).toHaveLength(1);
    expect(Object.keys(body[0])).toEqual(SESSION_KEYS);
    expect(body[0]).toStrictEqual({
      id: 1,
      user_id: 1,
      nickname: 'User_1',
      peer_pubkey: app.online.publicKey,
      start_time: '2026-01-15 12:00:00',
      end_time: null,
      last_update: '2026-01-15 12:01:00',
      session_rx: 300,
      session_tx: 400,
      duration_seconds: 90,
      login_ip: '192.0.2.1',
      endpoint_info: '192.0.2.1:40000',
      status: 'ONLINE',
    });
  });

  it('ends a session at its last activity', async () => {
    const app = await startFleet();
    app.clock.advance(60_000);
    app.online.rxBytes += 1n;
    await app.polled();
    app.clock.advance(300_000);
    await app.polled();
    expect((await app.rest('/api/events')).body).toMatchObject([
      {
        start_time: '2026-01-15 12:00:00',
        end_time: '2026-01-15 12:01:00',
        last_update: '2026-01-15 12:01:00',
        duration_seconds: 60,
        status: 'OFFLINE',
      },
    ]);
  });

  it('lists online users first, then sorts by the last activity, newest first', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    await app.polled();
    const peers = [wg0.addPeer(), wg0.addPeer(), wg0.addPeer(), wg0.addPeer()] as const;
    // Users 1 and 2 go offline, 1 after 2; 3 and 4 are online, and 4 was seen last.
    wg0.shakeHands(peers[1]);
    await app.polled();
    app.clock.advance(60_000);
    wg0.shakeHands(peers[0]);
    await app.polled();
    app.clock.advance(400_000);
    wg0.shakeHands(peers[2]);
    await app.polled();
    app.clock.advance(10_000);
    wg0.shakeHands(peers[3]);
    await app.polled();
    const order = async () =>
      (await app.rest('/api/events')).body.map((s: { user_id: number; status: string }) => [
        s.user_id,
        s.status,
      ]);
    expect(await order()).toEqual([
      [4, 'ONLINE'],
      [3, 'ONLINE'],
      [1, 'OFFLINE'],
      [2, 'OFFLINE'],
    ]);
    app.clock.advance(10_000);
    peers[2].rxBytes += 10n;
    await app.polled();
    expect((await order()).slice(0, 2)).toEqual([
      [3, 'ONLINE'],
      [4, 'ONLINE'],
    ]);
  });
});

describe('GET /api/events/history', () => {
  async function withHistory() {
    const clock = testClock(Date.UTC(2026, 0, 15, 12, 0, 0));
    const app = await startTestApp({ clock, env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    const wg0 = app.wireguard.interface();
    await app.polled();
    const first = wg0.addPeer();
    const second = wg0.addPeer();
    // Session 1 of user 1 on the 15th at 20:00, 2 of user 2 on the 16th at 02:00, 3 of user 1 an hour later.
    wg0.shakeHands(first);
    await app.polled();
    clock.advance(6 * 3600_000);
    await app.polled();
    wg0.shakeHands(second);
    await app.polled();
    clock.advance(3600_000);
    await app.polled();
    wg0.shakeHands(first);
    await app.polled();
    const ids = async (query = '') => {
      const answer = await app.rest(`/api/events/history${query}`);
      expect(answer.status).toBe(200);
      return answer.body.map(({ id }: { id: number }) => id);
    };
    return { app, ids };
  }

  it('returns all sessions, newest first, with the keys of the event list', async () => {
    const { app, ids } = await withHistory();
    expect(await ids()).toEqual([3, 2, 1]);
    const { body, headers } = await app.rest('/api/events/history');
    expect(headers.get('x-total-count')).toBe('3');
    for (const session of body) expect(Object.keys(session)).toEqual(SESSION_KEYS);
    expect(body[2]).toMatchObject({ user_id: 1, start_time: '2026-01-15 20:00:00' });
  });

  it('filters by user, state and time in the configured zone', async () => {
    const { ids } = await withHistory();
    expect(await ids('?user_id=1')).toEqual([3, 1]);
    expect(await ids('?user_id=2')).toEqual([2]);
    expect(await ids('?user_id=77')).toEqual([]);
    expect(await ids('?status=all')).toEqual([3, 2, 1]);
    expect(await ids('?status=online')).toEqual([3]);
    expect(await ids('?status=offline')).toEqual([2, 1]);
    expect(await ids('?from=2026-01-16')).toEqual([3, 2]);
    expect(await ids('?to=2026-01-15')).toEqual([1]);
    expect(await ids('?from=2026-01-16&to=2026-01-16')).toEqual([3, 2]);
    expect(await ids('?to=2026-01-16%2002:30:00')).toEqual([2, 1]);
    expect(await ids('?from=2026-01-15T18:30:00Z')).toEqual([3]);
    expect(await ids('?user_id=1&status=offline&to=2026-01-17')).toEqual([1]);
    expect(await ids('?user_id=&status=&from=&to=')).toEqual([3, 2, 1]);
  });

  it('counts a session that starts in the last second of a day to that day', async () => {
    const clock = testClock(Date.UTC(2026, 0, 15, 23, 59, 59));
    const app = await startFleet({ clock });
    const { body } = await app.rest('/api/events/history?to=2026-01-15');
    expect(body).toMatchObject([{ start_time: '2026-01-15 23:59:59' }]);
  });

  it('rejects an invalid parameter by name', async () => {
    const app = await startTestApp();
    for (const [query, field] of [
      ['user_id=abc', 'user_id'],
      ['status=perhaps', 'status'],
      ['from=yesterday', 'from'],
      ['to=2026-02-30', 'to'],
      ['page=0', 'page'],
      ['per_page=1001', 'per_page'],
    ] as const) {
      const { status, body, headers } = await app.rest(`/api/events/history?${query}`);
      expect(status, query).toBe(400);
      expect(body, query).toMatchObject({ status: 'error', code: 'INVALID_ARGUMENT' });
      expect(body.message).toMatch(new RegExp(`\\b${field}：`));
      expect(headers.get('access-control-allow-origin')).toBe('*');
    }
  });

  it('names all invalid parameters', async () => {
    const app = await startTestApp();
    const { body } = await app.rest('/api/events/history?status=perhaps&page=0&from=never');
    for (const field of ['status', 'page', 'from']) expect(body.message).toContain(`${field}：`);
  });
});

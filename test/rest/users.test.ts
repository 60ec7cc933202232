import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { shared } from '../fixtures/shared.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { startFleet } from './support.ts';

const USER_KEYS = [
  'id',
  'peer_pubkey',
  'nickname',
  'mail',
  'phone',
  'login_ip',
  'bandwidth_limit',
  'data_limit',
  'expiry_date',
  'status',
  'enabled',
  'total_rx',
  'total_tx',
  'last_login',
  'created_at',
  'updated_at',
];

const MANAGED_USER_KEYS = [
  'id',
  'peer_pubkey',
  'nickname',
  'mail',
  'phone',
  'login_ip',
  'status',
  'enabled',
  'is_online',
  'total_rx',
  'total_tx',
  'last_login',
  'session_start',
];

/** For tests that change nothing. */
const fleet = shared(() => startFleet());

describe('GET /api/users', () => {
  it('returns the documented keys in their order, with "" for unset texts and null for unset times', async () => {
    const app = fleet();
    const { status, headers, body } = await app.rest('/api/users');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body).toHaveLength(2);
    for (const user of body) expect(Object.keys(user)).toEqual(USER_KEYS);
    expect(body[0]).toStrictEqual({
      id: 1,
      peer_pubkey: app.online.publicKey,
      nickname: 'User_1',
      mail: '',
      phone: '',
      login_ip: '192.0.2.1',
      bandwidth_limit: 0,
      data_limit: 0,
      expiry_date: null,
      status: 1,
      enabled: 1,
      total_rx: 0,
      total_tx: 0,
      last_login: '2026-01-15 12:00:00',
      created_at: '2026-01-15 12:00:00',
      updated_at: '2026-01-15 12:00:00',
    });
    expect(body[1]).toMatchObject({ id: 2, status: 0, login_ip: '', last_login: null });
  });

  it('returns an empty array if there are no users', async () => {
    const app = await startTestApp();
    const { text, headers } = await app.rest('/api/users');
    expect(text).toBe('[]');
    expect(headers.get('x-total-count')).toBe('0');
  });

  it('formats times in the configured zone, also across a clock change', async () => {
    // Four minutes before clocks in New York change from 02:00 to 03:00.
    const clock = testClock(Date.UTC(2026, 2, 8, 6, 56, 0));
    const app = await startFleet({ clock, env: { WGQL_TIME_ZONE: 'America/New_York' } });
    const before = await app.rest('/api/users');
    expect(before.body[0].created_at).toBe('2026-03-08 01:56:00');
    clock.advance(5 * 60_000);
    await app.post('/api/users/1/update', { nickname: 'later' });
    const after = await app.rest('/api/users');
    expect(after.body[0]).toMatchObject({
      created_at: '2026-03-08 01:56:00',
      updated_at: '2026-03-08 03:01:00',
    });
  });

  it('returns the exact digits of byte counts above 2^53', async () => {
    const app = await startFleet();
    app.online.rxBytes = 9_007_199_254_740_993n;
    app.online.txBytes = 9_223_372_036_854_775_807n;
    await app.polled();
    for (const path of ['/api/users', '/api/users/management', '/api/events', '/api/dashboard']) {
      const { text } = await app.rest(path);
      expect(text, path).toMatch(/_rx":9007199254740993,/);
      expect(text, path).toMatch(/_tx":9223372036854775807,/);
    }
    const chart = await app.rest('/api/traffic/chart?days=1');
    expect(chart.text).toBe(
      '[{"date":"2026-01-15","total_rx":9007199254740993,"total_tx":9223372036854775807}]',
    );
    const status = await app.rest('/api/status');
    expect(status.text).toContain('"rx":9007199254740993,"tx":9223372036854775807');
  });

  it('shows the address of an IPv6 endpoint without brackets and port, also when offline', async () => {
    const app = await startFleet();
    app.online.endpoint = '[2001:db8::7]:51820';
    app.online.rxBytes += 100n;
    await app.polled();
    expect((await app.rest('/api/users')).body[0].login_ip).toBe('2001:db8::7');
    app.clock.advance(600_000);
    await app.polled();
    expect((await app.rest('/api/users')).body[0]).toMatchObject({
      status: 0,
      login_ip: '2001:db8::7',
      last_login: '2026-01-15 12:00:00',
    });
  });

  it('changes updated_at only for administrators, not for polls and traffic', async () => {
    const app = await startFleet();
    app.clock.advance(10_000);
    app.online.rxBytes += 1000n;
    await app.polled();
    expect((await app.rest('/api/users')).body[0]).toMatchObject({
      total_rx: 1000,
      updated_at: '2026-01-15 12:00:00',
    });
  });
});

describe('GET /api/users/management', () => {
  it('returns the documented keys in their order, with the start of the open session', async () => {
    const app = await startFleet();
    const { body } = await app.rest('/api/users/management');
    for (const user of body) expect(Object.keys(user)).toEqual(MANAGED_USER_KEYS);
    expect(body[0]).toMatchObject({
      status: 1,
      is_online: 1,
      last_login: '2026-01-15 12:00:00',
      session_start: '2026-01-15 12:00:00',
    });
    expect(body[1]).toMatchObject({ status: 0, is_online: 0, last_login: null });
    expect(body[1].session_start).toBeNull();
    app.clock.advance(600_000);
    await app.polled();
    const later = await app.rest('/api/users/management');
    expect(later.body[0]).toMatchObject({ is_online: 0, last_login: '2026-01-15 12:00:00' });
    expect(later.body[0].session_start).toBeNull();
  });

  it('searches nickname, mail and key, and filters by presence and enabled', async () => {
    const app = await startFleet();
    await app.post('/api/users/1/update', { nickname: '张三 Zhang', mail: 'San@Example.com' });
    await app.post('/api/users/2/update', { nickname: 'Li%Si_', enabled: 0, phone: '5555555' });
    const ids = async (query: string) => {
      const { body } = await app.rest(`/api/users/management?${query}`);
      return body.map(({ id }: { id: number }) => id);
    };
    expect(await ids(`search=${encodeURIComponent('张三')}`)).toEqual([1]);
    expect(await ids('search=zhang')).toEqual([1]);
    expect(await ids('search=example.COM')).toEqual([1]);
    expect(await ids(`search=${encodeURIComponent(app.offline.publicKey)}`)).toEqual([2]);
    expect(await ids(`search=${encodeURIComponent('%')}`)).toEqual([2]);
    expect(await ids('search=_')).toEqual([2]);
    expect(await ids('search=5555555')).toEqual([]);
    expect(await ids('search=nobody')).toEqual([]);
    expect(await ids('search=')).toEqual([1, 2]);
    expect(await ids('status=all')).toEqual([1, 2]);
    expect(await ids('status=online')).toEqual([1]);
    expect(await ids('status=offline')).toEqual([2]);
    expect(await ids('status=enabled')).toEqual([1]);
    expect(await ids('status=disabled')).toEqual([2]);
    expect(await ids('status=online&search=%25')).toEqual([]);
    expect(await ids('colour=blue')).toEqual([1, 2]);
  });

  it('has the number of all matches in X-Total-Count, not only those of the page', async () => {
    const app = fleet();
    const { body, headers } = await app.rest(
      '/api/users/management?search=User_&page=2&per_page=1',
    );
    expect(body).toMatchObject([{ id: 2 }]);
    expect(headers.get('x-total-count')).toBe('2');
  });
});

describe('paging of lists', () => {
  it('returns complete lists unless a page is requested, and the total in an exposed header', async () => {
    const app = await startTestApp();
    for (let i = 0; i < 101; i++) app.wireguard.interface().addPeer();
    await app.polled();
    for (const path of ['/api/users', '/api/users/management']) {
      const whole = await app.rest(path);
      expect(whole.body).toHaveLength(101);
      expect(whole.headers.get('x-total-count')).toBe('101');
      expect(whole.headers.get('access-control-expose-headers')).toContain('X-Total-Count');
      const pages = [];
      for (const page of [1, 2, 3, 4]) {
        const answer = await app.rest(`${path}?page=${page}&per_page=50`);
        expect(answer.headers.get('x-total-count')).toBe('101');
        pages.push(...answer.body);
      }
      expect(pages).toEqual(whole.body);
      expect((await app.rest(`${path}?per_page=7`)).body).toHaveLength(7);
      expect((await app.rest(`${path}?page=1`)).body).toEqual(whole.body.slice(0, 100));
      expect((await app.rest(`${path}?per_page=1000`)).body).toHaveLength(101);
    }
  });

  it('applies to both event lists', async () => {
    const app = await startTestApp();
    await app.polled();
    const wg0 = app.wireguard.interface();
    for (let i = 0; i < 3; i++) wg0.shakeHands(wg0.addPeer({ publicKey: newPublicKey() }));
    await app.polled();
    for (const path of ['/api/events', '/api/events/history']) {
      const whole = await app.rest(path);
      expect(whole.headers.get('x-total-count')).toBe('3');
      const second = await app.rest(`${path}?page=2&per_page=2`);
      expect(second.headers.get('x-total-count')).toBe('3');
      expect(second.headers.get('access-control-expose-headers')).toContain('X-Total-Count');
      expect(second.body).toEqual(whole.body.slice(2));
    }
  });
});

describe('bytes=string', () => {
  const MANY = '9007199254740993';

  it('writes byte counts as text with the digits of the numbers, and nothing else', async () => {
    const app = await startFleet();
    app.online.rxBytes = BigInt(MANY);
    await app.polled();
    for (const path of [
      '/api/users?',
      '/api/users?per_page=1&',
      '/api/users/management?',
      '/api/events?',
      '/api/events?per_page=1&',
      '/api/events/history?',
      '/api/status?',
      '/api/dashboard?',
      '/api/traffic/chart?days=1&',
    ]) {
      const numbers = await app.rest(`${path}bytes=number`);
      expect(numbers.text, path).toContain(`rx":${MANY},`);
      expect((await app.rest(path)).text, path).toBe(numbers.text);
      const texts = await app.rest(`${path}bytes=string`);
      const quoted = numbers.text.replace(/("(?:\w+_)?[rt]x"):(\d+)/g, '$1:"$2"');
      expect(texts.text, path).toBe(quoted);
    }
  });

  it('follows the traffic of a user whose list was already sent as text', async () => {
    const app = await startFleet();
    const total = async () => (await app.rest('/api/users?bytes=string')).body[0].total_rx;
    expect(await total()).toBe('0');
    app.online.rxBytes += 1000n;
    await app.polled();
    expect(await total()).toBe('1000');
  });

  it('is rejected with any other value, together with other invalid parameters', async () => {
    const app = fleet();
    for (const path of ['/api/status?', '/api/users?page=0&', '/api/traffic/chart?days=0&']) {
      const { status, body } = await app.rest(`${path}bytes=hex`, {
        headers: { 'accept-language': 'en' },
      });
      expect(status, path).toBe(400);
      expect(body.message).toContain('bytes: must be one of number, string');
      if (path.includes('=0')) expect(body.message).toMatch(/(page|days): /);
    }
  });
});

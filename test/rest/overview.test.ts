import { describe, expect, it } from 'vitest';
import { shared } from '../fixtures/shared.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { startFleet } from './support.ts';

interface Day {
  readonly date: string;
  readonly total_rx: number;
  readonly total_tx: number;
}

describe('GET /api/status', () => {
  it('returns the documented keys in their order', async () => {
    const app = await startFleet();
    app.online.rxBytes += 11n;
    app.online.txBytes += 22n;
    await app.polled();
    app.clock.advance(5_000);
    await app.polled();
    const { body } = await app.rest('/api/status');
    expect(Object.keys(body).slice(0, 11)).toEqual([
      'interface',
      'max_handshake_age',
      'total',
      'online',
      'active_sessions',
      'running',
      'interfaces',
      'last_poll',
      'poll_interval',
      'uptime_seconds',
      'version',
    ]);
    expect(body).toMatchObject({
      interface: 'wg0',
      max_handshake_age: 180,
      total: 2,
      online: 1,
      active_sessions: 1,
      running: 1,
      last_poll: '2026-01-15 12:00:05',
      poll_interval: 0.1,
      uptime_seconds: 5,
    });
    expect(Object.keys(body.interfaces[0])).toEqual([
      'name',
      'public_key',
      'listen_port',
      'peers',
      'online',
      'rx',
      'tx',
      'up',
    ]);
    expect(body.interfaces).toEqual([
      {
        name: 'wg0',
        public_key: '',
        listen_port: 51820,
        peers: 2,
        online: 1,
        rx: 11,
        tx: 22,
        up: 1,
      },
    ]);
    expect(body.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('shows an interface that no longer exists as down', async () => {
    const app = await startFleet();
    const gone = app.wireguard.interface();
    await app.polled();
    gone.exists = false;
    await app.polled();
    const { body } = await app.rest('/api/status');
    expect(body.interface).toBe('');
    expect(body.interfaces).toHaveLength(1);
    expect(body.interfaces[0]).toMatchObject({
      name: 'wg0',
      peers: 0,
      up: 0,
    });
  });

  it('reports the current problem in the language of the client', async () => {
    const app = await startFleet();
    app.wireguard.interface().unknown = { en: 'it is asleep', zh: '它睡着了' };
    await app.polled();
    const chinese = await app.rest('/api/status');
    expect(chinese.body.last_error).toBe('wg0：它睡着了');
    const english = await app.rest('/api/status', { headers: { 'accept-language': 'en' } });
    expect(english.body.last_error).toBe('wg0: it is asleep');
  });
});

describe('GET /api/dashboard', () => {
  it('returns exactly the documented keys in their order', async () => {
    const app = await startFleet({ env: { WGQL_TIME_ZONE: 'Asia/Kathmandu' } });
    app.online.rxBytes += 5n;
    app.offline.txBytes += 7n;
    await app.polled();
    const { text } = await app.rest('/api/dashboard');
    expect(text).toBe(
      '{"total_users":2,"online_users":1,"active_sessions":1,"total_rx":5,"total_tx":7,' +
        '"today_rx":5,"today_tx":7,"uptime_start":"2026-01-15 17:45:00"}',
    );
  });

  it('counts today from local midnight', async () => {
    // 23:50 in Kathmandu, which is 5:45 ahead of UTC.
    const clock = testClock(Date.UTC(2026, 0, 15, 18, 5, 0));
    const app = await startFleet({ clock, env: { WGQL_TIME_ZONE: 'Asia/Kathmandu' } });
    app.online.rxBytes += 100n;
    await app.polled();
    expect((await app.rest('/api/dashboard')).body).toMatchObject({ today_rx: 100, total_rx: 100 });
    clock.advance(10 * 60_000);
    await app.polled();
    expect((await app.rest('/api/dashboard')).body).toMatchObject({ today_rx: 0, total_rx: 100 });
    app.online.rxBytes += 30n;
    await app.polled();
    expect((await app.rest('/api/dashboard')).body).toMatchObject({ today_rx: 30, total_rx: 130 });
  });

  it('keeps the start of the record across a restart', async () => {
    const app = await startFleet();
    app.clock.advance(3600_000);
    await app.restart();
    await app.polled();
    expect((await app.rest('/api/dashboard')).body.uptime_start).toBe('2026-01-15 12:00:00');
    expect((await app.rest('/api/status')).body.uptime_seconds).toBe(0);
  });
});

describe('GET /api/traffic/chart', () => {
  const inBerlin = shared(() => startTestApp({ env: { WGQL_TIME_ZONE: 'Europe/Berlin' } }));

  it('returns seven days by default, oldest first, today last, empty days as zeros', async () => {
    const app = await startFleet();
    app.online.rxBytes += 10n;
    app.online.txBytes += 20n;
    await app.polled();
    const { body } = await app.rest('/api/traffic/chart');
    expect(body).toEqual([
      ...['09', '10', '11', '12', '13', '14'].map((day) => ({
        date: `2026-01-${day}`,
        total_rx: 0,
        total_tx: 0,
      })),
      { date: '2026-01-15', total_rx: 10, total_tx: 20 },
    ]);
    expect(Object.keys(body[0])).toEqual(['date', 'total_rx', 'total_tx']);
  });

  it('returns exactly as many entries as requested days', async () => {
    const app = inBerlin();
    for (const days of [1, 2, 30, 365]) {
      const { body } = await app.rest(`/api/traffic/chart?days=${days}`);
      expect(body).toHaveLength(days);
      expect(body.at(-1).date).toBe('2026-01-15');
      expect(new Set(body.map(({ date }: Day) => date)).size).toBe(days);
    }
  });

  it('shows bytes on the day of the traffic, also in a session that spans midnight', async () => {
    // 23:58 in Shanghai.
    const clock = testClock(Date.UTC(2026, 0, 15, 15, 58, 0));
    const app = await startFleet({ clock, env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    app.online.rxBytes += 100n;
    await app.polled();
    clock.advance(3 * 60_000);
    app.wireguard.interface().shakeHands(app.online);
    app.online.rxBytes += 900n;
    await app.polled();
    expect((await app.rest('/api/traffic/chart?days=2')).body).toEqual([
      { date: '2026-01-15', total_rx: 100, total_tx: 0 },
      { date: '2026-01-16', total_rx: 900, total_tx: 0 },
    ]);
    expect((await app.rest('/api/events')).body).toMatchObject([{ id: 1, session_rx: 1000 }]);
  });

  it.each([
    // Hours from the first poll to a few minutes before and after the start and the end of the day.
    ['America/New_York', '2026-03-08', Date.UTC(2026, 2, 8, 4, 55), [0, 1, 23, 24], [1, 2, 1]],
    ['America/New_York', '2026-11-01', Date.UTC(2026, 10, 1, 3, 55), [0, 1, 25, 26], [1, 2, 1]],
    ['America/Santiago', '2026-09-06', Date.UTC(2026, 8, 6, 3, 55), [0, 1, 23, 24], [1, 2, 1]],
  ])(
    'begins and ends the day of a clock change in %s, %s, at local midnight',
    async (zone, date, start, hours, sums) => {
      const clock = testClock(start);
      const app = await startFleet({ clock, env: { WGQL_TIME_ZONE: zone } });
      for (const hour of hours) {
        clock.advance(start + hour * 3600_000 - clock.wallMs());
        // Polls first, so that the byte is not spread over the preceding hours.
        await app.polled();
        app.online.rxBytes += 1n;
        await app.polled();
      }
      const { body } = await app.rest('/api/traffic/chart?days=3');
      expect(body[1].date).toBe(date);
      expect(body.map(({ total_rx }: Day) => total_rx)).toEqual(sums);
    },
  );

  it('rejects anything except 1 to 365 days, and names the field', async () => {
    const app = inBerlin();
    for (const days of ['0', '366', '-1', '1.5', 'seven', '1e2', '99999999999999999999']) {
      const { status, body } = await app.rest(`/api/traffic/chart?days=${days}`);
      expect(status).toBe(400);
      expect(body.code).toBe('INVALID_ARGUMENT');
      expect(body.message).toBe('days：必须是 1 到 365 之间的整数');
    }
  });
});

import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { EVENT_TYPES } from '../../src/domain/event-type.ts';
import { createBus } from '../../src/live/bus.ts';
import { createInstruments } from '../../src/metrics/instruments.ts';
import { VERSION } from '../../src/version.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { connectClient, DASHBOARD, watch, watchEvents } from '../live/support.ts';
import { startFleet } from '../rest/support.ts';
import { samplesOf, scrape } from './support.ts';

describe('the metrics of interfaces', () => {
  it('count users, enabled ones and online ones', async () => {
    const app = await startFleet();
    await app.whilePolling(app.post('/api/users/2/disable', {}));
    app.wireguard.interface('wg1');
    await app.polled();
    const samples = await scrape(app);
    expect(samplesOf(samples, 'wireguard_configured_peers')).toEqual({
      '{interface="wg0"}': '2',
      '{interface="wg1"}': '0',
    });
    expect(samplesOf(samples, 'wireguard_enabled_peers')).toEqual({
      '{interface="wg0"}': '1',
      '{interface="wg1"}': '0',
    });
    expect(samplesOf(samples, 'wireguard_connected_peers')).toEqual({
      '{interface="wg0"}': '1',
      '{interface="wg1"}': '0',
    });
  });

  it('say which of them exist', async () => {
    const app = await startFleet();
    app.wireguard.interface().exists = false;
    await app.polled();
    expect(samplesOf(await scrape(app), 'wgql_interface_up')).toEqual({ '{interface="wg0"}': '0' });
  });
});

describe('the metrics of limits', () => {
  it('count users whose limit is not applied, by its reason', async () => {
    const app = await startFleet();
    expect((await scrape(app)).get('wgql_enforcement_pending{reason="DISABLED"}')).toBe('0');
    const { commands } = app.wireguard;
    const { remove } = commands;
    commands.remove = async () => {
      throw new AppError('UNAVAILABLE', { en: 'Refused.', zh: '被拒绝。' });
    };
    await app.whilePolling(app.post('/api/users/1/disable', {}));
    expect(samplesOf(await scrape(app), 'wgql_enforcement_pending')).toEqual({
      '{reason="DISABLED"}': '1',
      '{reason="EXPIRED"}': '0',
      '{reason="QUOTA_EXCEEDED"}': '0',
      '{reason="DELETED"}': '0',
      '{reason="CONFIGURATION"}': '0',
    });
    commands.remove = remove;
    await app.polled();
    expect((await scrape(app)).get('wgql_enforcement_pending{reason="DISABLED"}')).toBe('0');
  });

  it('count users whose peer cannot be written, and each failure', async () => {
    const app = await startFleet();
    app.wireguard.refusesPuts = true;
    await app.whilePolling(
      app.post('/api/users/create', {
        peer_pubkey: `${'b'.repeat(42)}0=`,
        interface: 'wg0',
        allowed_ips: ['10.8.0.9/32'],
      }),
    );
    await app.polled();
    const samples = await scrape(app);
    expect(samples.get('wgql_enforcement_pending{reason="CONFIGURATION"}')).toBe('1');
    expect(samples.get('wgql_limit_failures_total')).toBe('1');
    expect(samples.get('wgql_events_total{type="LIMIT_FAILED"}')).toBe('1');
  });

  it('count managed users whose peer was removed by others', async () => {
    const app = await startFleet();
    await app.graphql('mutation { updateUser(id: "1", input: { managed: true }) { user { id } } }');
    await app.polled();
    expect((await scrape(app)).get('wgql_missing_users')).toBe('0');
    app.wireguard.interface().peers.delete(app.online.publicKey);
    await app.polled();
    expect((await scrape(app)).get('wgql_missing_users')).toBe('1');
  });
});

describe('the metrics of polls', () => {
  it('have the time of the last one that was recorded, and how many there were', async () => {
    const app = await startFleet();
    const before = await scrape(app);
    app.clock.advance(5_000);
    await app.polled();
    const after = await scrape(app);
    const at = 'wgql_last_successful_poll_time_seconds';
    expect(Number(after.get(at))).toBe(Number(before.get(at)) + 5);
    const count = 'wgql_poll_duration_seconds_count';
    expect(Number(after.get(count))).toBeGreaterThan(Number(before.get(count)));
    expect(after.get('wgql_poll_duration_seconds_bucket{le="+Inf"}')).toBe(after.get(count));
  });

  it('say when the numbers may be out of date', async () => {
    const app = await startFleet();
    expect((await scrape(app)).get('wgql_stale')).toBe('0');
    app.wireguard.interface().unknown = { en: 'It does not answer.', zh: '没有响应。' };
    app.clock.advance(200_000);
    await app.polled();
    expect((await scrape(app)).get('wgql_stale')).toBe('1');
  });

  it('say whether what was read could be written to the database', async () => {
    const app = await startFleet();
    expect((await scrape(app)).get('wgql_database_writable')).toBe('1');
    await rename(join(app.folder, 'wgql.db'), join(app.folder, 'moved.db'));
    Object.assign(app.online, { rxBytes: 1n });
    await app.polled();
    expect((await scrape(app)).get('wgql_database_writable')).toBe('0');
    await rename(join(app.folder, 'moved.db'), join(app.folder, 'wgql.db'));
    await app.polled();
    expect((await scrape(app)).get('wgql_database_writable')).toBe('1');
  });

  it('have no time before the first one', async () => {
    const app = await startTestApp({
      prepare: (wireguard) => {
        wireguard.read = () => new Promise(() => {});
      },
    });
    const samples = await scrape(app);
    expect(samples.has('wgql_last_successful_poll_time_seconds')).toBe(false);
    expect(samples.get('wgql_demo')).toBe('0');
    expect(
      samples.get(`wgql_build_info{version="${VERSION}",node="${process.versions.node}"}`),
    ).toBe('1');
  });
});

describe('the metrics of events', () => {
  it('have every type from the start, and count what is logged', async () => {
    const app = await startFleet();
    const before = samplesOf(await scrape(app), 'wgql_events_total');
    expect(Object.keys(before)).toEqual(EVENT_TYPES.map((type) => `{type="${type}"}`));
    expect(before['{type="SESSION_STARTED"}']).toBe('1');
    await app.whilePolling(app.post('/api/users/2/update', { nickname: 'Bob' }));
    const after = samplesOf(await scrape(app), 'wgql_events_total');
    expect(after).toEqual({ ...before, '{type="USER_UPDATED"}': '1' });
  });

  it('count resets of counters by interface', async () => {
    const app = await startFleet();
    Object.assign(app.online, { rxBytes: 1_000n });
    await app.polled();
    expect(samplesOf(await scrape(app), 'wgql_counters_reset_total')).toEqual({
      '{interface="wg0"}': '0',
    });
    Object.assign(app.online, { rxBytes: 1n });
    await app.polled();
    expect(samplesOf(await scrape(app), 'wgql_counters_reset_total')).toEqual({
      '{interface="wg0"}': '1',
    });
  });
});

describe('the metrics of clients', () => {
  it('count the running subscriptions by field, over WebSockets and event streams', async () => {
    const app = await startFleet();
    const field = (name: string) => `wgql_subscriptions{field="${name}"}`;
    const none = await scrape(app);
    expect(samplesOf(none, 'wgql_subscriptions')).toEqual({
      '{field="dashboard"}': '0',
      '{field="events"}': '0',
      '{field="liveTraffic"}': '0',
      '{field="presence"}': '0',
      '{field="status"}': '0',
    });
    const client = connectClient(app);
    const dashboard = watch(client, DASHBOARD);
    await dashboard.received();
    const named = watch(
      client,
      'subscription S { ...on Subscription { ...F } } fragment F on Subscription { a: status { stale } }',
    );
    await named.received();
    const stream = await watchEvents(app, DASHBOARD);
    await stream.received();
    const some = await scrape(app);
    expect(some.get(field('dashboard'))).toBe('2');
    expect(some.get(field('status'))).toBe('1');
    expect(some.get('wgql_sockets')).toBe('1');
    await dashboard.stop();
    await stream.stop();
    await client.dispose();
    await app.eventually('the end of all of them', async () => {
      const samples = await scrape(app);
      const names = ['wgql_sockets', field('dashboard'), field('status')];
      return names.every((name) => samples.get(name) === '0');
    });
  });

  it('count requests by API and status code, and nothing else', async () => {
    const app = await startFleet();
    const before = samplesOf(await scrape(app), 'wgql_http_requests_total');
    await app.rest('/api/users');
    await app.post('/api/users/create', {});
    await app.rest('/api/no-such-path');
    await app.rest('/graphql-ish');
    await app.rest('/healthz');
    await app.graphql('{ status { stale } }');
    const samples = await scrape(app);
    expect(before).toEqual({});
    expect(samplesOf(samples, 'wgql_http_requests_total')).toEqual({
      '{door="rest",code="200"}': '1',
      '{door="rest",code="400"}': '1',
      '{door="rest",code="404"}': '1',
      '{door="graphql",code="200"}': '1',
    });
    expect(samples.get('wgql_http_request_duration_seconds_count{door="rest"}')).toBe('3');
    expect(samples.get('wgql_http_request_duration_seconds_count{door="graphql"}')).toBe('1');
  });

  it('count a response that was kept for others', async () => {
    const app = await startFleet();
    for (let count = 0; count < 3; count++) await app.rest('/api/users');
    const samples = await scrape(app);
    expect(samples.get('wgql_http_requests_total{door="rest",code="200"}')).toBe('3');
  });

  it('do not time event streams, whose clients decide how long they take', async () => {
    const app = await startFleet();
    const stream = await watchEvents(app, DASHBOARD);
    await stream.received();
    await stream.stop();
    await app.eventually(
      'the end of the stream',
      async () =>
        (await scrape(app)).get('wgql_http_requests_total{door="graphql",code="200"}') === '1',
    );
    const samples = await scrape(app);
    expect(samples.get('wgql_http_request_duration_seconds_count{door="graphql"}')).toBe('0');
  });

  it('count a subscriber whose events were not read', async () => {
    const instruments = createInstruments();
    const bus = createBus(instruments);
    bus.subscribe('events');
    const event = { type: 'USER_UPDATED', at: new Date(0), userId: null, sessionId: null };
    const others = { interface: null, endpoint: null, reason: null, actor: null };
    for (let id = 1; id <= 10_002; id++) bus.publish('events', [{ id, ...event, ...others }]);
    const families = await instruments.families([]);
    const slow = families.find(({ name }) => name === 'wgql_slow_consumers_total');
    expect(slow?.samples).toEqual([{ labels: '', value: 1 }]);
  });
});

describe('the metrics of the process', () => {
  it('are those of prom-client, without gauges that are named like counters', async () => {
    const app = await startFleet();
    const { text } = await app.rest('/metrics');
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    const gauges = [...text.matchAll(/^# TYPE (\S+) gauge$/gm)].map(([, name]) => name ?? '');
    expect(gauges.filter((name) => name.endsWith('_total'))).toEqual([]);
  });
});

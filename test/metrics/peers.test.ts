import { describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../rest/support.ts';
import { samplesOf, scrape } from './support.ts';

const labels = (publicKey: string, name = 'wg0') =>
  `{interface="${name}",public_key="${publicKey}"}`;

/** The bytes exported of a key: received, sent. */
async function bytesOf(app: Fleet, publicKey: string): Promise<(string | undefined)[]> {
  const samples = await scrape(app);
  return ['received', 'sent'].map((direction) =>
    samples.get(`wireguard_${direction}_bytes_total${labels(publicKey)}`),
  );
}

describe('the counters of a peer', () => {
  it('are its bytes in the direction of the server', async () => {
    const app = await startFleet();
    Object.assign(app.online, { rxBytes: 1_000n, txBytes: 20n });
    await app.polled();
    expect(await bytesOf(app, app.online.publicKey)).toEqual(['1000', '20']);
    expect(await bytesOf(app, app.offline.publicKey)).toEqual(['0', '0']);
  });

  it('do not fall when the interface is created again', async () => {
    const app = await startFleet();
    Object.assign(app.online, { rxBytes: 1_000n, txBytes: 20n });
    await app.polled();
    const wg0 = app.wireguard.interface();
    wg0.recreate();
    wg0.addPeer({ publicKey: app.online.publicKey, rxBytes: 5n, txBytes: 7n });
    await app.polled();
    expect(await bytesOf(app, app.online.publicKey)).toEqual(['1005', '27']);
  });

  it('do not fall when the traffic of the user is reset', async () => {
    const app = await startFleet();
    Object.assign(app.online, { rxBytes: 1_000n, txBytes: 20n });
    await app.polled();
    const { errors } = await app.whilePolling(
      app.graphql('mutation { resetTraffic(id: "1") { user { totalRx } } }'),
    );
    expect(errors).toBeUndefined();
    const { data } = await app.graphql('{ user(id: "1") { totalRx } }');
    expect(data.user.totalRx).toBe('0');
    expect(await bytesOf(app, app.online.publicKey)).toEqual(['1000', '20']);
  });

  it('do not fall when the program is started again', async () => {
    const app = await startFleet();
    Object.assign(app.online, { rxBytes: 1_000n, txBytes: 20n });
    await app.polled();
    await app.restart();
    await app.polled();
    expect(await bytesOf(app, app.online.publicKey)).toEqual(['1000', '20']);
  });

  it('stay while the user is disabled and its peer is removed', async () => {
    const app = await startFleet();
    Object.assign(app.online, { rxBytes: 1_000n, txBytes: 20n });
    await app.polled();
    await app.whilePolling(app.post('/api/users/1/disable', {}));
    await app.polled();
    expect(app.wireguard.interface().peers.has(app.online.publicKey)).toBe(false);
    expect(await bytesOf(app, app.online.publicKey)).toEqual(['1000', '20']);
  });
});

describe('the series of a peer', () => {
  it('has the time of its last handshake, and none if there never was one', async () => {
    const app = await startFleet();
    app.clock.advance(60_000);
    await app.polled();
    const samples = await scrape(app);
    const at = Date.UTC(2026, 0, 15, 12, 0, 0) / 1000;
    expect(samplesOf(samples, 'wireguard_latest_handshake_seconds')).toEqual({
      [labels(app.online.publicKey)]: String(at),
    });
    expect(samplesOf(samples, 'wireguard_latest_handshake_delay_seconds')).toEqual({
      [labels(app.online.publicKey)]: '60',
    });
  });

  it('says whether the user is online, and since when', async () => {
    const app = await startFleet();
    const samples = await scrape(app);
    expect(samplesOf(samples, 'wgql_peer_online')).toEqual({
      [labels(app.online.publicKey)]: '1',
      [labels(app.offline.publicKey)]: '0',
    });
    expect(samplesOf(samples, 'wgql_session_start_time_seconds')).toEqual({
      [labels(app.online.publicKey)]: String(Date.UTC(2026, 0, 15, 12, 0, 0) / 1000),
    });
  });

  it('has the quota and its use in bytes, and neither without a quota', async () => {
    const app = await startFleet();
    await app.whilePolling(app.post('/api/users/1/update', { data_limit: 2 }));
    Object.assign(app.online, { rxBytes: 1_000n, txBytes: 20n });
    await app.polled();
    const samples = await scrape(app);
    expect(samplesOf(samples, 'wgql_quota_limit_bytes')).toEqual({
      [labels(app.online.publicKey)]: '2097152',
    });
    expect(samplesOf(samples, 'wgql_quota_used_bytes')).toEqual({
      [labels(app.online.publicKey)]: '1020',
    });
  });

  it('ends when the user is deleted', async () => {
    const app = await startFleet();
    expect((await app.rest('/metrics')).text).toContain(app.online.publicKey);
    const { errors } = await app.whilePolling(
      app.graphql('mutation { deleteUser(id: "1") { deletedId } }'),
    );
    expect(errors).toBeUndefined();
    const { text } = await app.rest('/metrics');
    expect(text).not.toContain(app.online.publicKey);
    expect(text).toContain(app.offline.publicKey);
  });

  it('is one for a peer on two interfaces, with the bytes and the handshake of both', async () => {
    const app = await startFleet();
    const { publicKey } = app.offline;
    const wg1 = app.wireguard.interface('wg1');
    const second = wg1.addPeer({ publicKey, rxBytes: 30n });
    Object.assign(app.offline, { rxBytes: 4n });
    wg1.shakeHands(second);
    await app.polled();
    const samples = await scrape(app);
    expect(samples.get(`wireguard_received_bytes_total${labels(publicKey)}`)).toBe('34');
    expect(samples.has(`wireguard_latest_handshake_seconds${labels(publicKey)}`)).toBe(true);
    expect([...samples.keys()].filter((key) => key.includes(labels(publicKey, 'wg1')))).toEqual([]);
  });

  it('has the interface that the peer is on now', async () => {
    const app = await startFleet();
    const { publicKey } = app.offline;
    app.wireguard.interface().peers.delete(publicKey);
    app.wireguard.interface('wg1').addPeer({ publicKey, rxBytes: 30n });
    await app.polled();
    const samples = await scrape(app);
    expect(samples.get(`wireguard_received_bytes_total${labels(publicKey, 'wg1')}`)).toBe('30');
  });

  it('has personal labels only where they are asked for', async () => {
    const app = await startFleet();
    await app.whilePolling(app.post('/api/users/1/update', { nickname: 'Ada "A" \\ B' }));
    Object.assign(app.online, { allowedIps: ['10.8.0.2/32', 'fd08::2/128'] });
    await app.polled();
    const { text } = await app.rest('/metrics');
    for (const personal of ['Ada', '10.8.0.2', 'fd08', 'allowed_ips', 'friendly_name']) {
      expect(text).not.toContain(personal);
    }
    await app.restart({ WGQL_METRICS_LABELS: 'full' });
    const sent = samplesOf(await scrape(app), 'wireguard_sent_bytes_total');
    expect(Object.keys(sent)[0]).toBe(
      `{interface="wg0",public_key="${app.online.publicKey}",allowed_ips="10.8.0.2/32,fd08::2/128",friendly_name="Ada \\"A\\" \\\\ B"}`,
    );
  });
});

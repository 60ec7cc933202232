import { describe, expect, it } from 'vitest';
import { eventTypes, polls, startWithPeer, userOf } from '../fixtures/enforcement-app.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

const MB = 1024n * 1024n;

describe('WGQL_MANAGE=off', () => {
  it('changes nothing in WireGuard or nftables, whatever is declared', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.2/32'] });
    await app.polled();
    const { id } = await userOf(app, peer.publicKey);
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 100 });
    await app.polled();
    const past = '2020-01-01';
    await app.restart({ WGQL_MANAGE: 'off' });
    app.wireguard.writes.length = 0;
    const { controlled } = app.wireguard;
    expect(controlled?.bandwidth).toHaveLength(1);
    const refused = await app.post(`/api/users/${id}/update`, { expiry_date: past });
    expect(refused.status).toBe(503);
    await polls(app);
    expect(app.wireguard.writes).toEqual([]);
    expect(app.wireguard.controlled).toBe(controlled);
  });

  it('reports limits of an earlier run in nftables until they are removed', async () => {
    const lastError = async (app: TestApp) =>
      (await app.graphql('{ status { lastError } }')).data.status.lastError;
    const { app, id } = await startWithPeer();
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 100 });
    await polls(app);
    expect(await lastError(app)).toBeNull();
    await app.restart({ WGQL_MANAGE: 'off' });
    await polls(app);
    expect(await lastError(app)).toMatch(/earlier run.*wgql cleanup/);
    await app.wireguard.nftTable.cleanup(new AbortController().signal);
    await polls(app);
    expect(await lastError(app)).toBeNull();
  });

  it('does not prevent quotas from starting again', async () => {
    const app = await startTestApp({ env: { WGQL_ONLINE_WINDOW_S: '86400' } });
    const peer = app.wireguard.interface().addPeer({ allowedIps: ['10.8.0.2/32'] });
    await app.polled();
    const { id } = await userOf(app, peer.publicKey);
    await app.graphql(
      `mutation { updateUser(id: "${id}", input: { dataLimit: 10, quotaPeriod: DAY }) { user { id } } }`,
    );
    await app.restart({ WGQL_MANAGE: 'off' });
    peer.rxBytes += 9n * MB;
    await app.polled();
    expect(await eventTypes(app, id)).toContain('QUOTA_WARNING');
    app.clock.advance(24 * 3_600_000);
    await app.polled();
    await app.polled();
    expect((await userOf(app, peer.publicKey)).quota.used).toBe('0');
    expect(await eventTypes(app, id)).toContain('QUOTA_RESET');
    expect(app.wireguard.writes).toEqual([]);
  });
});

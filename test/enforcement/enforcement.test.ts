import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

const MB = 1024n * 1024n;

async function userOf(app: TestApp, publicKey: string) {
  const { data } = await app.graphql(
    `query ($key: String) { user(publicKey: $key) {
       id managed allowedIps enabled quota { used limit left period resetsAt }
       enforcement { desired applied reason lastError } } }`,
    { key: publicKey },
  );
  return data.user;
}

async function eventTypes(app: TestApp, id: string): Promise<string[]> {
  const { data } = await app.graphql(
    `{ events(first: 1000, filter: { userIds: ["${id}"] }) { edges { node { type } } } }`,
  );
  return data.events.edges.map(({ node }: { node: { type: string } }) => node.type);
}

describe('a quota with a period', () => {
  it('warns, removes the peer, and starts again at local midnight', async () => {
    const app = await startTestApp({
      env: { WGQL_TIME_ZONE: 'Asia/Shanghai', WGQL_ONLINE_WINDOW_S: '86400' },
    });
    const wg0 = app.wireguard.interface();
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.2/32'] });
    await app.polled();
    const { id } = await userOf(app, peer.publicKey);
    await app.graphql(
      `mutation { updateUser(id: "${id}", input: { dataLimit: 10, quotaPeriod: DAY }) { user { id } } }`,
    );
    peer.rxBytes += 8n * MB;
    await app.polled();
    expect(await eventTypes(app, id)).toContain('QUOTA_WARNING');
    peer.txBytes += 2n * MB;
    await app.polled();
    const cut = await userOf(app, peer.publicKey);
    expect(cut.enforcement).toMatchObject({ applied: 'ABSENT', reason: 'QUOTA_EXCEEDED' });
    expect(cut.quota.left).toBe('0');
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    // 12:00 UTC is 20:00 in Shanghai; midnight comes four hours later.
    expect(cut.quota.resetsAt).toBe('2026-01-15T16:00:00.000Z');
    app.clock.advance(4 * 3_600_000 + 1_000);
    await app.polled();
    await app.polled();
    const back = await userOf(app, peer.publicKey);
    expect(back.enforcement).toMatchObject({ applied: 'PRESENT', reason: null });
    expect(back.quota.used).toBe('0');
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
    expect((await eventTypes(app, id)).filter((type) => type === 'QUOTA_RESET')).toHaveLength(1);
  });

  it('counts from its own start, without earlier bytes', async () => {
    const app = await startTestApp({
      prepare: (wg) => wg.interface().addPeer({ rxBytes: 50n * MB, allowedIps: ['10.8.0.2/32'] }),
    });
    const [peer] = app.wireguard.interface().peers.values();
    await app.polled();
    const { id } = await userOf(app, peer?.publicKey ?? '');
    await app.post(`/api/users/${id}/update`, { data_limit: 10 });
    await app.polled();
    const user = await userOf(app, peer?.publicKey ?? '');
    expect(user.quota.used).toBe('0');
    expect(user.enforcement.applied).toBe('PRESENT');
  });
});

describe('a preshared key at rest', () => {
  it('whose key file is lost keeps its peer off, and reports how to fix it', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.2/32'] });
    wg0.presharedKeys.set(peer.publicKey, randomBytes(32).toString('base64'));
    await app.polled();
    const { id } = await userOf(app, peer.publicKey);
    await app.post(`/api/users/${id}/disable`, {});
    await app.polled();
    expect(wg0.peers.has(peer.publicKey)).toBe(false);

    const other = join(app.folder, 'other.key');
    await writeFile(other, randomBytes(32).toString('base64'), { mode: 0o600 });
    await app.restart({ WGQL_SECRET_KEY_FILE: other });
    await app.post(`/api/users/${id}/enable`, {});
    await app.polled();
    await app.polled();
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    const { enforcement } = await userOf(app, peer.publicKey);
    expect(enforcement.applied).toBe('PENDING');
    expect(enforcement.lastError).toMatch(/WGQL_SECRET_KEY_FILE/);
    const failures = (await eventTypes(app, id)).filter((type) => type === 'LIMIT_FAILED');
    expect(failures).toHaveLength(1);
    await rm(other);
  });

  it('is restored with its peer', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.2/32'], persistentKeepaliveSeconds: 17 });
    const presharedKey = randomBytes(32).toString('base64');
    wg0.presharedKeys.set(peer.publicKey, presharedKey);
    await app.polled();
    const { id } = await userOf(app, peer.publicKey);
    await app.post(`/api/users/${id}/disable`, {});
    await app.polled();
    await app.post(`/api/users/${id}/enable`, {});
    await app.polled();
    expect(wg0.presharedKeys.get(peer.publicKey)).toBe(presharedKey);
    expect(wg0.peers.get(peer.publicKey)?.persistentKeepaliveSeconds).toBe(17);
  });
});

describe('a kick that a crash interrupts', () => {
  it('locks no user out: the next start restores the peer', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.2/32'] });
    wg0.shakeHands(peer);
    await app.polled();
    const { id } = await userOf(app, peer.publicKey);
    // Nothing can be put back from now on, as if the program ended right after the removal.
    app.wireguard.refusesPuts = true;
    await app.post(`/api/users/${id}/kick`, {});
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    app.wireguard.refusesPuts = false;
    await app.restart();
    await app.polled();
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
    expect((await eventTypes(app, id)).filter((type) => type === 'USER_KICKED')).toHaveLength(1);
  });
});

describe('many peers', () => {
  it('are removed with one command', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    const peers = Array.from({ length: 20 }, (_, index) =>
      wg0.addPeer({ allowedIps: [`10.8.0.${index + 2}/32`] }),
    );
    await app.polled();
    const soon = new Date(app.clock.wallMs() + 60_000).toISOString();
    for (const { publicKey } of peers) {
      const { id } = await userOf(app, publicKey);
      await app.graphql(
        `mutation { updateUser(id: "${id}", input: { expiresAt: "${soon}" }) { user { id } } }`,
      );
    }
    await app.polled();
    app.wireguard.writes.length = 0;
    app.clock.advance(61_000);
    await app.polled();
    expect(wg0.peers.size).toBe(0);
    const keysOf = (command: string) => command.split(' ').slice(2).sort();
    const [clearAllowedIps = '', removal = '', ...others] = app.wireguard.writes;
    expect([clearAllowedIps.split(' ')[0], removal.split(' ')[0], others]).toEqual([
      'clearAllowedIps',
      'remove',
      [],
    ]);
    expect(keysOf(removal)).toEqual(peers.map(({ publicKey }) => publicKey).sort());
    expect(keysOf(clearAllowedIps)).toEqual(keysOf(removal));
    const { data } = await app.graphql(
      '{ auditLog(first: 1000) { edges { node { actor action } } } }',
    );
    const removedPeers = data.auditLog.edges.filter(
      ({ node }: { node: { actor: string } }) => node.actor === 'wgql',
    );
    expect(removedPeers).toHaveLength(20);
  });
});

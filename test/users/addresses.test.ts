import { describe, expect, it } from 'vitest';
import { polls, userOf } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { shared } from '../fixtures/shared.ts';
import { startTestApp } from '../fixtures/test-app.ts';

describe('addresses', () => {
  // For users with different addresses.
  const withInterface = shared(async () => {
    const app = await startTestApp();
    app.wireguard.interface();
    await app.polled();
    return app;
  });

  it('are rejected if another user has them, even a disabled or discovered one', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.9/32'] });
    await app.polled();
    const { id } = await userOf(app, peer.publicKey);
    await app.post(`/api/users/${id}/disable`, {});
    await app.polled();
    const refused = await app.post(
      '/api/users/create',
      { peer_pubkey: newPublicKey(), allowed_ips: '10.8.0.9' },
      { 'accept-language': 'en' },
    );
    expect(refused.status).toBe(409);
    expect(refused.body.message).toMatch(new RegExp(`10\\.8\\.0\\.9/32.*user ${id}`));
  });

  it('are the next free ones, and are written to WireGuard immediately', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    wg0.addPeer({ allowedIps: ['10.8.0.2/31'] });
    await app.polled();
    const publicKey = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: publicKey });
    await app.polled();
    expect(wg0.peers.get(publicKey)?.allowedIps).toEqual(['10.8.0.4/32']);
    expect(await userOf(app, publicKey)).toMatchObject({
      managed: true,
      allowedIps: ['10.8.0.4/32'],
      enforcement: { desired: 'PRESENT', applied: 'PRESENT' },
    });
  });

  it('are not assigned while those of the machine are unknown, and the user shows why', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    const publicKey = newPublicKey();
    wg0.exists = false;
    await app.post('/api/users/create', { peer_pubkey: publicKey, interface: 'wg0' });
    wg0.exists = true;
    app.wireguard.networks = null;
    await app.polled();
    expect((await userOf(app, publicKey)).enforcement.lastError).toBe('Addresses unknown.');
    app.wireguard.networks = ['10.8.0.1/24'];
    await app.polled();
    expect(await userOf(app, publicKey)).toMatchObject({ allowedIps: ['10.8.0.2/32'] });
  });

  it('are not assigned until an interface is up', async () => {
    const app = await startTestApp();
    const publicKey = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: publicKey, interface: 'wg0' });
    await app.polled();
    expect(await userOf(app, publicKey)).toMatchObject({
      allowedIps: null,
      enforcement: { applied: 'PENDING' },
    });
    const wg0 = app.wireguard.interface();
    await app.polled();
    await app.polled();
    expect(wg0.peers.get(publicKey)?.allowedIps).toEqual(['10.8.0.2/32']);
  });

  it('are not assigned to a peer that already has some', async () => {
    const app = await startTestApp();
    const publicKey = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: publicKey, interface: 'wg0' });
    await polls(app);
    const wg0 = app.wireguard.interface();
    wg0.addPeer({ publicKey, allowedIps: ['10.8.0.7/32'] });
    await polls(app);
    expect(wg0.peers.get(publicKey)?.allowedIps).toEqual(['10.8.0.7/32']);
    expect((await userOf(app, publicKey)).enforcement).toMatchObject({ applied: 'PRESENT' });
  });

  it('outside the networks of the interface cause a hint to add a route', async () => {
    const app = await startTestApp();
    app.wireguard.interface();
    await app.polled();
    const publicKey = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: publicKey, allowed_ips: '192.168.7.0/24' });
    await app.polled();
    await app.polled();
    const { enforcement } = await userOf(app, publicKey);
    expect(enforcement).toMatchObject({ applied: 'PRESENT' });
    expect(enforcement.lastError).toMatch(/ip route add 192\.168\.7\.0\/24 dev wg0/);
    app.wireguard.routes = ['192.168.0.0/16'];
    await polls(app);
    expect((await userOf(app, publicKey)).enforcement.lastError).toBeNull();
  });

  it.each([
    ['everything', '0.0.0.0/0,::/0', null],
    ["a network of the server's own", '192.0.2.0/25', /overlaps a network of another interface/],
    ["the server's address", '192.0.2.10/32', /overlaps/],
  ])(
    'cause no hint to add a route that would disconnect the server: %s',
    async (_, allowed_ips, hint) => {
      const app = withInterface();
      const publicKey = newPublicKey();
      await app.post('/api/users/create', { peer_pubkey: publicKey, allowed_ips });
      await polls(app);
      const { lastError } = (await userOf(app, publicKey)).enforcement;
      if (hint === null) expect(lastError).toBeNull();
      else expect(lastError).toMatch(hint);
      expect(lastError ?? '').not.toMatch(/ip route add/);
    },
  );

  it('are rejected with the name of the network if one family has none left', async () => {
    const app = await startTestApp();
    app.wireguard.networks = ['10.8.0.1/30', 'fd00::1/64'];
    app.wireguard.interface();
    await app.polled();
    const first = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: first });
    expect((await userOf(app, first)).allowedIps).toEqual(['10.8.0.2/32', 'fd00::2/128']);
    const second = newPublicKey();
    const refused = await app.post('/api/users/create', { peer_pubkey: second });
    expect([refused.status, refused.body.code]).toEqual([409, 'CONFLICT']);
    expect(refused.body.message).toContain('10.8.0.1/30');
    expect(refused.body.message).not.toContain('fd00::');
    expect(await userOf(app, second)).toBeNull();
  });

  it('are of one family only, if the interface has only its own address of the other', async () => {
    const app = await startTestApp();
    app.wireguard.networks = ['10.8.0.1/32', 'fd00::1/64'];
    app.wireguard.interface();
    await app.polled();
    const publicKey = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: publicKey });
    expect((await userOf(app, publicKey)).allowedIps).toEqual(['fd00::2/128']);
  });

  it.each([
    ['on', 1],
    ['off', 0],
  ])(
    'that are not available when the interface appears are reported for a user who is %s',
    async (_, enabled) => {
      const app = await startTestApp();
      app.wireguard.networks = ['10.8.0.1/30', 'fd00::1/64'];
      const publicKey = newPublicKey();
      await app.post('/api/users/create', { peer_pubkey: publicKey, interface: 'wg0', enabled });
      app.wireguard.interface().addPeer({ allowedIps: ['10.8.0.2/32'] });
      await polls(app);
      const { allowedIps, enforcement } = await userOf(app, publicKey);
      expect(allowedIps).toBeNull();
      expect(enforcement.lastError).toContain('10.8.0.1/30');
      app.wireguard.networks = ['10.8.0.1/29', 'fd00::1/64'];
      await polls(app);
      const mended = await userOf(app, publicKey);
      expect(mended.allowedIps).toEqual(['10.8.0.3/32', 'fd00::2/128']);
      expect(mended.enforcement.lastError).toBeNull();
    },
  );

  it('are also assigned to a user who is off when the interface appears', async () => {
    const app = await startTestApp();
    const publicKey = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: publicKey, interface: 'wg0', enabled: 0 });
    const wg0 = app.wireguard.interface();
    await polls(app);
    expect((await userOf(app, publicKey)).allowedIps).toEqual(['10.8.0.2/32']);
    expect(wg0.peers.has(publicKey)).toBe(false);
    const other = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: other });
    expect((await userOf(app, other)).allowedIps).toEqual(['10.8.0.3/32']);
  });
});

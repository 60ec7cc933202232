import { describe, expect, it } from 'vitest';
import {
  eventsOf,
  newPresharedKey,
  polls,
  startWithPeer,
  startWithUser,
  updateUser,
  userOf,
} from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import type { TestApp } from '../fixtures/test-app.ts';

const NO_ANSWER = { en: 'No answer.', zh: '没有回答。' };
const enforcementOf = async (app: TestApp, publicKey: string) =>
  (await userOf(app, publicKey)).enforcement;
const toggle = async (app: TestApp, id: string) => {
  await app.post(`/api/users/${id}/disable`, {});
  await polls(app);
  await app.post(`/api/users/${id}/enable`, {});
  await polls(app);
};

/** A discovered peer that is on wg0 and, with other addresses, on wg1. */
async function startOnTwo() {
  const started = await startWithPeer();
  const wg1 = started.app.wireguard.interface('wg1');
  const second = wg1.addPeer({ publicKey: started.peer.publicKey, allowedIps: ['10.9.0.2/32'] });
  await polls(started.app);
  return { ...started, wg1, second };
}

describe('a user on two interfaces', () => {
  it('gets its former preshared key back on each', async () => {
    const { app, wg0, wg1, peer, id } = await startOnTwo();
    const [one, other] = [newPresharedKey(), newPresharedKey()];
    wg0.presharedKeys.set(peer.publicKey, one);
    wg1.presharedKeys.set(peer.publicKey, other);
    await polls(app);
    await toggle(app, id);
    expect(wg0.presharedKeys.get(peer.publicKey)).toBe(one);
    expect(wg1.presharedKeys.get(peer.publicKey)).toBe(other);
  });

  it('is kicked once from the one that responds, and comes back there', async () => {
    const { app, wg0, wg1, peer, id } = await startOnTwo();
    wg0.shakeHands(peer);
    await polls(app);
    wg1.unknown = NO_ANSWER;
    await polls(app);
    await app.post(`/api/users/${id}/kick`, {});
    await polls(app, 8);
    const removals = app.wireguard.writes.filter((write) => write.startsWith('remove wg0'));
    expect(removals).toHaveLength(1);
    expect(wg0.peers.get(peer.publicKey)?.allowedIps).toEqual(['10.8.0.2/32']);
  });

  it('has the addresses of both, so that no other user gets them', async () => {
    const { app, wg0 } = await startOnTwo();
    const create = (interfaceName: string, address?: string) =>
      app.post('/api/users/create', {
        peer_pubkey: newPublicKey(),
        interface: interfaceName,
        ...(address && { allowed_ips: address }),
      });
    expect((await create('wg0', '10.8.0.2')).status).toBe(409);
    expect((await create('wg1', '10.9.0.2')).status).toBe(409);
    expect((await create('wg0')).status).toBe(200);
    await polls(app);
    const holders = [...wg0.peers.values()].filter(({ allowedIps }) =>
      allowedIps.includes('10.8.0.2/32'),
    );
    expect(holders).toHaveLength(1);
  });

  it('is neither deleted nor changed while one of them does not respond, also after a start', async () => {
    const { app, wg1, peer, id } = await startOnTwo();
    wg1.unknown = NO_ANSWER;
    await app.restart();
    await polls(app);
    expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(503);
    await polls(app);
    expect(app.wireguard.writes).toEqual([]);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    expect((await enforcementOf(app, peer.publicKey)).applied).toBe('UNKNOWN');
  });

  it('is missing when it is removed by hand, although another interface went down meanwhile', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    const wg1 = app.wireguard.interface('wg1');
    wg1.addPeer({ publicKey, allowedIps: ['10.9.0.2/32'] });
    await polls(app);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    wg1.exists = false;
    await polls(app);
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(true);
    wg0.peers.delete(publicKey);
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(false);
    expect((await enforcementOf(app, publicKey)).applied).toBe('MISSING');
    const removal = (await eventsOf(app, id)).findLast(({ type }) => type === 'PEER_REMOVED');
    expect(removal).toEqual({ type: 'PEER_REMOVED', actor: null, reason: null });
  });
});

describe('a user that has left an interface', () => {
  it('by deletion is not restored there when its key appears again', async () => {
    const { app, wg0, publicKey, id } = await startWithUser({ allowed_ips: '10.8.0.50' });
    const wg1 = app.wireguard.interface('wg1');
    await polls(app);
    expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(200);
    const create = (peer_pubkey: string, name: string, allowed_ips: string) =>
      app.post('/api/users/create', { peer_pubkey, interface: name, allowed_ips });
    const other = newPublicKey();
    await create(other, 'wg0', '10.8.0.50');
    await create(publicKey, 'wg1', '10.9.0.50');
    await polls(app, 4);
    expect(wg0.peers.has(publicKey)).toBe(false);
    expect(wg0.peers.get(other)?.allowedIps).toEqual(['10.8.0.50/32']);
    expect(wg1.peers.get(publicKey)?.allowedIps).toEqual(['10.9.0.50/32']);
  });

  it('and was created again comes back as it was created', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await app.post(`/api/users/${id}/delete`, {});
    await polls(app);
    await app.post('/api/users/create', {
      peer_pubkey: peer.publicKey,
      allowed_ips: '10.8.0.9/32',
    });
    await polls(app);
    const again = await userOf(app, peer.publicKey);
    expect(again.allowedIps).toEqual(['10.8.0.9/32']);
    await toggle(app, again.id);
    expect(wg0.peers.get(peer.publicKey)?.allowedIps).toEqual(['10.8.0.9/32']);
  });

  it('by a move while it was disabled comes back on the new one alone', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    const wg1 = app.wireguard.interface('wg1');
    await polls(app);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    await updateUser(app, id, 'interface: "wg1", allowedIps: ["10.9.0.2"]');
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app, 5);
    expect([wg0.peers.has(publicKey), wg1.peers.has(publicKey)]).toEqual([false, true]);
  });

  it('by a move has an event about it', async () => {
    const { app, publicKey, id } = await startWithUser();
    const wg1 = app.wireguard.interface('wg1');
    await polls(app);
    await updateUser(app, id, 'interface: "wg1", allowedIps: ["10.9.0.2"]');
    await polls(app, 4);
    expect(wg1.peers.has(publicKey)).toBe(true);
    const reasons = (await eventsOf(app, id)).flatMap(({ type, actor, reason }) =>
      type === 'PEER_REMOVED' ? [[actor, reason]] : [],
    );
    expect(reasons).toEqual([['wgql', 'MOVED']]);
  });
});

describe('an adoption', () => {
  it('leaves the peer on the interface that its owner moved it to', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    const wg1 = app.wireguard.interface('wg1');
    wg0.peers.delete(peer.publicKey);
    wg1.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.9.0.2/32'] });
    await polls(app);
    await app.post('/api/users/create', { peer_pubkey: peer.publicKey });
    await updateUser(app, id, 'persistentKeepalive: 25');
    await polls(app, 4);
    expect([wg0.peers.size, wg1.peers.size]).toEqual([0, 1]);
    expect(wg1.peers.get(peer.publicKey)?.persistentKeepaliveSeconds).toBe(25);
  });

  it('of a removed user adds the peer only to the named interface', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    const wg1 = app.wireguard.interface('wg1');
    await polls(app);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    await app.post('/api/users/create', {
      peer_pubkey: peer.publicKey,
      interface: 'wg1',
      allowed_ips: '10.9.0.2',
      enabled: 1,
    });
    await polls(app, 5);
    expect([wg0.peers.size, wg1.peers.size]).toEqual([0, 1]);
    expect(wg1.peers.get(peer.publicKey)?.allowedIps).toEqual(['10.9.0.2/32']);
  });

  it('with addresses of another user is rejected with the name of that user, in both APIs', async () => {
    const { app, wg0, id } = await startWithUser({ nickname: 'Ada', allowed_ips: '10.8.0.2' });
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    const other = wg0.addPeer({ allowedIps: ['10.8.0.2/32'] });
    await polls(app);
    const created = await app.post('/api/users/create', { peer_pubkey: other.publicKey });
    expect([created.status, created.body.code]).toEqual([409, 'CONFLICT']);
    expect(created.body.message).toContain('Ada');
    const stranger = await userOf(app, other.publicKey);
    const { errors } = await updateUser(app, stranger.id, 'managed: true');
    expect(errors?.[0]?.extensions.code).toBe('CONFLICT');
    expect((await userOf(app, other.publicKey)).managed).toBe(false);
  });
});

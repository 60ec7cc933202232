import { describe, expect, it } from 'vitest';
import {
  eventsOf,
  polls,
  startWithPeer,
  startWithUser,
  updateUser,
  userOf,
} from '../fixtures/enforcement-app.ts';

const seen = (type: string, reason: string | null = null) => ({ type, actor: null, reason });
const own = (type: string, reason: string | null = null) => ({ type, actor: 'wgql', reason });
const asked = (type: string) => ({ type, actor: 'local', reason: null });

describe('the log of a user shows who or what', () => {
  it('removed its peer and restored it', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    wg0.shakeHands(peer);
    await polls(app);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    expect(await eventsOf(app, id)).toEqual([
      seen('PEER_ADDED'),
      seen('SESSION_STARTED'),
      asked('USER_DISABLED'),
      own('PEER_REMOVED', 'DISABLED'),
      own('SESSION_ENDED', 'DISABLED'),
      own('LIMIT_APPLIED', 'DISABLED'),
      asked('USER_ENABLED'),
      own('PEER_ADDED'),
    ]);
  });

  it('changed its configuration, and changed it back', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    const peer = wg0.peers.get(publicKey);
    if (peer === undefined) throw new Error('The peer is not there.');
    Object.assign(peer, { allowedIps: ['10.8.0.77/32'], persistentKeepaliveSeconds: 9 });
    await polls(app);
    expect(wg0.peers.get(publicKey)?.allowedIps).toEqual(['10.8.0.2/32']);
    expect((await eventsOf(app, id)).slice(-2)).toEqual([
      seen('PEER_UPDATED', 'ALLOWED_IPS,PERSISTENT_KEEPALIVE'),
      own('PEER_UPDATED', 'ALLOWED_IPS,PERSISTENT_KEEPALIVE'),
    ]);
  });

  it('changed a declaration, and applied it', async () => {
    const { app, id } = await startWithUser();
    await updateUser(app, id, 'persistentKeepalive: 25');
    await polls(app);
    expect((await eventsOf(app, id)).slice(-2)).toEqual([
      asked('USER_UPDATED'),
      own('PEER_UPDATED', 'PERSISTENT_KEEPALIVE'),
    ]);
  });

  it('kicked it, and deleted it', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    wg0.shakeHands(peer);
    await polls(app);
    await app.post(`/api/users/${id}/kick`, {});
    await polls(app);
    await app.post(`/api/users/${id}/delete`, {});
    const log = await eventsOf(app, id);
    expect(log).toContainEqual(asked('USER_KICKED'));
    expect(log).toContainEqual(own('PEER_REMOVED', 'KICKED'));
    expect(log).toContainEqual(own('SESSION_ENDED', 'KICKED'));
    expect(log.at(-1)).toEqual(asked('USER_DELETED'));
  });

  it('added or changed a peer that is not managed', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    peer.allowedIps = ['10.8.0.3/32', '10.8.0.2/32'];
    await polls(app);
    // WireGuard may list the same prefixes in another order.
    peer.allowedIps = ['10.8.0.2/32', '10.8.0.3/32'];
    await polls(app);
    wg0.peers.delete(peer.publicKey);
    await polls(app);
    expect(await eventsOf(app, id)).toEqual([
      seen('PEER_ADDED'),
      seen('PEER_UPDATED', 'ALLOWED_IPS'),
      seen('PEER_REMOVED'),
    ]);
  });
});

describe('the configuration of a peer that is not managed', () => {
  it('is rejected by name in both APIs, and nothing changes', async () => {
    const { app, peer, id } = await startWithPeer();
    const before = await userOf(app, peer.publicKey);
    const { errors } = await updateUser(
      app,
      id,
      'nickname: "Alice", allowedIps: ["10.8.0.9/32"], persistentKeepalive: 25',
    );
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: [{ field: 'allowedIps' }, { field: 'persistentKeepalive' }],
    });
    const answer = await app.post(`/api/users/${id}/update`, { allowed_ips: '10.8.0.9/32' });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(/allowed_ips/);
    expect(await userOf(app, peer.publicKey)).toEqual(before);
    expect(await eventsOf(app, id)).toEqual([seen('PEER_ADDED')]);
  });

  it('is accepted together with an adoption, and applied', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await updateUser(app, id, 'managed: true, allowedIps: ["10.8.0.9/32"]');
    await polls(app);
    expect(wg0.peers.get(peer.publicKey)?.allowedIps).toEqual(['10.8.0.9/32']);
    await updateUser(app, id, 'managed: false');
    const { errors } = await updateUser(app, id, 'allowedIps: ["10.8.0.10/32"]');
    expect(errors).toHaveLength(1);
    expect((await userOf(app, peer.publicKey)).enforcement.applied).toBe('PRESENT');
  });
});

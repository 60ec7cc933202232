import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import {
  eventTypes,
  polls,
  startWithPeer,
  startWithUser,
  updateUser,
  userOf,
} from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp } from '../fixtures/test-app.ts';

const MB = 1024n * 1024n;
const NO_ANSWER = { en: 'No answer.', zh: '没有回答。' };

describe('a user that is created', () => {
  it('is added to the first interface that appears if none was named', async () => {
    const app = await startTestApp();
    await app.polled();
    const publicKey = newPublicKey();
    const answer = await app.post('/api/users/create', { peer_pubkey: publicKey });
    expect(answer.status).toBe(200);
    const wg0 = app.wireguard.interface();
    await polls(app, 4);
    expect(wg0.peers.get(publicKey)?.allowedIps).toEqual(['10.8.0.2/32']);
  });

  it('cannot have the public key of the interface itself', async () => {
    const ownKey = newPublicKey();
    const app = await startTestApp({
      prepare: (wireguard) => {
        wireguard.interface().publicKey = ownKey;
      },
    });
    await app.polled();
    const answer = await app.post('/api/users/create', { peer_pubkey: ownKey });
    expect(answer.status).toBe(400);
    expect(await userOf(app, ownKey)).toBeNull();
    expect(app.wireguard.writes).toEqual([]);
  });
});

describe('a user and its interfaces', () => {
  it('keep the peer until the interface that it is moved to exists', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    await updateUser(app, id, 'interface: "wg7"');
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(true);
    const wg7 = app.wireguard.interface('wg7');
    await polls(app, 4);
    expect(wg7.peers.has(publicKey)).toBe(true);
  });

  it('have the peer restored on both if it was on both', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    const wg1 = app.wireguard.interface('wg1');
    wg1.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.9.0.2/32'] });
    await polls(app);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    expect([wg0.peers.size, wg1.peers.size]).toEqual([0, 0]);
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    expect(wg0.peers.get(peer.publicKey)?.allowedIps).toEqual(['10.8.0.2/32']);
    expect(wg1.peers.get(peer.publicKey)?.allowedIps).toEqual(['10.9.0.2/32']);
  });

  it('have the peer restored after a kick on the interface that it was moved to', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    const wg1 = app.wireguard.interface('wg1');
    wg0.peers.delete(peer.publicKey);
    const moved = wg1.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.9.0.2/32'] });
    wg1.shakeHands(moved);
    await polls(app);
    await app.post(`/api/users/${id}/kick`, {});
    await polls(app);
    expect([wg0.peers.size, wg1.peers.size]).toEqual([0, 1]);
  });
});

describe('a peer whose allowed IPs were cleared and that could not be removed', () => {
  it.each([
    ['is not managed', false],
    ['is managed', true],
  ])('has traffic again when its user is enabled, if it %s', async (_, managed) => {
    const { app, wg0, peer, id } = await startWithPeer();
    if (managed) await updateUser(app, id, 'managed: true');
    await polls(app);
    const { commands } = app.wireguard;
    const { remove } = commands;
    commands.remove = async () => {
      throw new AppError('UNAVAILABLE', { en: 'Refused.', zh: '被拒绝。' });
    };
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    expect(peer.allowedIps).toEqual([]);
    expect((await userOf(app, peer.publicKey)).allowedIps).toEqual(['10.8.0.2/32']);
    expect((await userOf(app, peer.publicKey)).enforcement).toMatchObject({
      applied: 'PENDING',
      lastError: 'Refused.',
    });
    await app.restart();
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    expect(wg0.peers.get(peer.publicKey)?.allowedIps).toEqual(['10.8.0.2/32']);
    expect((await userOf(app, peer.publicKey)).enforcement).toMatchObject({
      applied: 'PRESENT',
      lastError: null,
    });
    commands.remove = remove;
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    expect(wg0.peers.size).toBe(0);
  });
});

describe('while an interface does not answer', () => {
  it('bandwidth limits stay, and are not reported as applied again', async () => {
    const { app, wg0, id } = await startWithPeer();
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 100 });
    await polls(app);
    wg0.unknown = NO_ANSWER;
    await polls(app);
    expect(app.wireguard.controlled?.bandwidth).toHaveLength(1);
    wg0.unknown = null;
    await polls(app);
    const applied = (await eventTypes(app, id)).filter((type) => type === 'LIMIT_APPLIED');
    expect(applied).toHaveLength(1);
  });

  it('a kick is not reported as done, and is done later', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    wg0.shakeHands(peer);
    await polls(app);
    wg0.unknown = NO_ANSWER;
    await polls(app);
    await app.post(`/api/users/${id}/kick`, {});
    expect(await eventTypes(app, id)).not.toContain('USER_KICKED');
    wg0.unknown = null;
    await polls(app, 4);
    expect(app.wireguard.writes).toContain(`remove wg0 ${peer.publicKey}`);
  });

  it('simultaneous deletions are all rejected, and the user remains', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    wg0.unknown = NO_ANSWER;
    await polls(app);
    const answers = await Promise.all([1, 2, 3].map(() => app.post(`/api/users/${id}/delete`, {})));
    for (const { status } of answers) expect(status).not.toBe(200);
    wg0.unknown = null;
    await polls(app, 4);
    expect(await userOf(app, peer.publicKey)).not.toBeNull();
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
  });

  it('a user on this and another interface is not deleted', async () => {
    const { app, peer, id } = await startWithPeer();
    const wg1 = app.wireguard.interface('wg1');
    wg1.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.9.0.2/32'] });
    await polls(app);
    wg1.unknown = NO_ANSWER;
    await polls(app);
    expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(503);
    expect(await userOf(app, peer.publicKey)).not.toBeNull();
  });
});

describe('a bandwidth limit', () => {
  it('is lifted as soon as nftables can be written again', async () => {
    const { app, id } = await startWithPeer();
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 100 });
    await polls(app);
    const { nftTable } = app.wireguard;
    const { apply } = nftTable;
    nftTable.apply = async () => {
      throw new AppError('UNAVAILABLE', { en: 'nft is busy.', zh: 'nft 正忙。' });
    };
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 0 });
    await polls(app);
    expect(app.wireguard.controlled?.bandwidth).toHaveLength(1);
    nftTable.apply = apply;
    await polls(app, 4);
    expect(app.wireguard.controlled?.bandwidth).toHaveLength(0);
  });
});

describe('a quota period', () => {
  it.each([
    // The clock starts on a Thursday; midnight in Shanghai is 16:00 UTC of the day before.
    ['WEEK', 'on Monday', '2026-01-18T16:00:00.000Z'],
    ['MONTH', 'on the first', '2026-01-31T16:00:00.000Z'],
  ])('of a %s starts again %s at local midnight', async (period, _when, resetsAt) => {
    const { app, wg0, peer, id } = await startWithPeer({
      env: { WGQL_TIME_ZONE: 'Asia/Shanghai' },
    });
    await updateUser(app, id, `dataLimit: 10, quotaPeriod: ${period}`);
    peer.rxBytes += 10n * MB;
    await polls(app);
    expect((await userOf(app, peer.publicKey)).quota.resetsAt).toBe(resetsAt);
    app.clock.advance(Date.parse(resetsAt) - app.clock.wallMs() - 1_000);
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    app.clock.advance(2_000);
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
    expect((await userOf(app, peer.publicKey)).quota).toMatchObject({ used: '0', period });
  });

  it('starts again without a limit too', async () => {
    const { app, peer, id } = await startWithPeer();
    await updateUser(app, id, 'quotaPeriod: DAY');
    peer.rxBytes += 5n * MB;
    await polls(app);
    expect((await userOf(app, peer.publicKey)).quota.used).toBe(String(5n * MB));
    app.clock.advance(86_400_000);
    await polls(app);
    expect((await userOf(app, peer.publicKey)).quota.used).toBe('0');
  });
});

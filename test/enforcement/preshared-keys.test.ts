import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import {
  eventsOf,
  newPresharedKey,
  polls,
  startWithPeer,
  startWithUser,
  userOf,
} from '../fixtures/enforcement-app.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

/** Starts the program anew with a key that opens nothing of what it has sealed. */
async function loseKeyFile(app: TestApp): Promise<void> {
  const other = join(app.folder, 'other.key');
  await writeFile(other, newPresharedKey(), { mode: 0o600 });
  await app.restart({ WGQL_SECRET_KEY_FILE: other });
}

describe('a preshared key of zeros', () => {
  it('means no preshared key, as in WireGuard', async () => {
    const { app, wg0, publicKey, id } = await startWithUser({ preshared_key: newPresharedKey() });
    expect(wg0.presharedKeys.has(publicKey)).toBe(true);
    const answer = await app.post(`/api/users/${id}/update`, {
      preshared_key: `${'A'.repeat(43)}=`,
    });
    expect(answer.status).toBe(200);
    await polls(app);
    expect(wg0.presharedKeys.has(publicKey)).toBe(false);
    const { enforcement } = await userOf(app, publicKey);
    expect(enforcement).toMatchObject({ applied: 'PRESENT', lastError: null });
  });
});

describe('when the key file is lost', () => {
  it('a preshared key can be set again, and reaches WireGuard', async () => {
    const { app, wg0, publicKey, id } = await startWithUser({ preshared_key: newPresharedKey() });
    await loseKeyFile(app);
    const wanted = newPresharedKey();
    const answer = await app.post(`/api/users/${id}/update`, { preshared_key: wanted });
    expect(answer.status).toBe(200);
    await polls(app);
    expect(wg0.presharedKeys.get(publicKey)).toBe(wanted);
  });

  it('a kick locks no user out', async () => {
    const { app, wg0, publicKey, id } = await startWithUser({ preshared_key: newPresharedKey() });
    await loseKeyFile(app);
    await polls(app);
    const peer = wg0.peers.get(publicKey);
    if (peer === undefined) throw new Error('The peer is not there.');
    wg0.shakeHands(peer);
    await polls(app);
    await app.post(`/api/users/${id}/kick`, {});
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(true);
  });
});

describe('a user with several problems', () => {
  it('shows all of them, including the key that cannot be decrypted', async () => {
    const { app, publicKey, id } = await startWithUser({
      preshared_key: newPresharedKey(),
      bandwidth_limit: 100,
    });
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    await loseKeyFile(app);
    app.wireguard.nftTable.apply = async () => {
      throw new AppError('UNAVAILABLE', { en: 'No nft here.', zh: '没有 nft。' });
    };
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    const { lastError } = (await userOf(app, publicKey)).enforcement;
    expect(lastError).toMatch(/WGQL_SECRET_KEY_FILE.* No nft here\.$/);
    const told = (await eventsOf(app, id)).filter(({ type }) => type === 'LIMIT_FAILED');
    expect(told.at(-1)?.reason).toBe(lastError);
  });
});

describe('the preshared key of a peer that was only discovered', () => {
  it('is restored as its owner last changed it', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    wg0.presharedKeys.set(peer.publicKey, newPresharedKey());
    await polls(app);
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 100 });
    await polls(app);
    const rotated = newPresharedKey();
    wg0.presharedKeys.set(peer.publicKey, rotated);
    await polls(app);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    expect(wg0.presharedKeys.get(peer.publicKey)).toBe(rotated);
  });

  it.each([
    ['set it', null],
    ['changed it', newPresharedKey()],
    ['removed it', newPresharedKey()],
  ])('is the one of the last read if its owner %s before the adoption', async (how, first) => {
    const { app, wg0, peer } = await startWithPeer({
      prepare: (wireguard) => {
        const known = wireguard.interface().addPeer({ allowedIps: ['10.8.0.2/32'] });
        if (first !== null) wireguard.interface().presharedKeys.set(known.publicKey, first);
      },
    });
    const last = how === 'removed it' ? undefined : newPresharedKey();
    if (last === undefined) wg0.presharedKeys.delete(peer.publicKey);
    else wg0.presharedKeys.set(peer.publicKey, last);
    await polls(app);
    wg0.exists = false;
    await polls(app);
    await app.post('/api/users/create', { peer_pubkey: peer.publicKey });
    wg0.recreate();
    wg0.exists = true;
    await polls(app, 4);
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
    expect(wg0.presharedKeys.get(peer.publicKey)).toBe(last);
    expect((await userOf(app, peer.publicKey)).enforcement.applied).toBe('PRESENT');
  });

  it('is read at the first poll after a start, whatever was known before', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    const rotated = newPresharedKey();
    await app.app.stop();
    wg0.presharedKeys.set(peer.publicKey, rotated);
    await app.restart();
    await polls(app);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    expect(wg0.presharedKeys.get(peer.publicKey)).toBe(rotated);
  });

  it('is never lost by a peer that is adopted while its interface is down', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.2/32'] });
    const presharedKey = newPresharedKey();
    wg0.presharedKeys.set(peer.publicKey, presharedKey);
    await polls(app);
    wg0.exists = false;
    await polls(app);
    const answer = await app.post('/api/users/create', { peer_pubkey: peer.publicKey });
    expect(answer.status).toBe(200);
    wg0.recreate();
    wg0.exists = true;
    await polls(app, 4);
    const isWithoutKey =
      wg0.peers.has(peer.publicKey) && wg0.presharedKeys.get(peer.publicKey) !== presharedKey;
    expect(isWithoutKey).toBe(false);
  });

  it('does not affect other peers when it cannot be read', async () => {
    const { app, wg0, publicKey } = await startWithUser();
    const other = wg0.addPeer({ allowedIps: ['10.8.0.9/32'] });
    await polls(app);
    const { commands } = app.wireguard;
    const { presharedKeys } = commands;
    commands.presharedKeys = async () => {
      throw new Error('Too many open files.');
    };
    const { id } = await userOf(app, other.publicKey);
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 5 });
    await polls(app);
    wg0.peers.delete(publicKey);
    await polls(app);
    commands.presharedKeys = presharedKeys;
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(false);
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('MISSING');
  });
});

describe('the preshared key of a managed peer', () => {
  it('is restored when others change it, with an event for each change', async () => {
    const wanted = newPresharedKey();
    const { app, wg0, publicKey, id } = await startWithUser({ preshared_key: wanted });
    wg0.presharedKeys.set(publicKey, newPresharedKey());
    await polls(app);
    expect(wg0.presharedKeys.get(publicKey)).toBe(wanted);
    const updates = (await eventsOf(app, id)).filter(({ type }) => type === 'PEER_UPDATED');
    expect(updates).toEqual([
      { type: 'PEER_UPDATED', actor: null, reason: 'PRESHARED_KEY' },
      { type: 'PEER_UPDATED', actor: 'wgql', reason: 'PRESHARED_KEY' },
    ]);
  });
});

describe('a preshared key that changes while its peer is being written', () => {
  it('reaches WireGuard', async () => {
    const { app, wg0, publicKey, id } = await startWithUser({ preshared_key: newPresharedKey() });
    const { commands } = app.wireguard;
    const { write } = commands;
    let isWriting = false;
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    commands.write = async (...given) => {
      isWriting = true;
      await held;
      return write(...given);
    };
    await app.post(`/api/users/${id}/update`, { persistent_keepalive: 25 });
    await app.eventually('the peer to be written', async () => isWriting, { everyMs: 5 });
    const wanted = newPresharedKey();
    const answer = await app.post(`/api/users/${id}/update`, { preshared_key: wanted });
    expect(answer.status).toBe(200);
    goOn();
    await polls(app, 4);
    expect(wg0.presharedKeys.get(publicKey)).toBe(wanted);
    expect(wg0.peers.get(publicKey)?.persistentKeepaliveSeconds).toBe(25);
  });
});

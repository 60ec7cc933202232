import { describe, expect, it } from 'vitest';
import {
  eventsOf,
  polls,
  startWithPeer,
  startWithUser,
  updateUser,
  userOf,
} from '../fixtures/enforcement-app.ts';
import type { FakeWireGuard } from '../fixtures/fake-wireguard.ts';

const NO_ANSWER = { en: 'No answer.', zh: '没有回答。' };
const DAY_MS = 86_400_000;

/** Lets a test make the reading fail, as for a program that was killed. */
function withSwitch() {
  const nftTable = { isDead: false };
  const prepare = (wireguard: FakeWireGuard) => {
    const { read } = wireguard;
    wireguard.read = (signal) => {
      if (nftTable.isDead) throw new Error('killed');
      return read(signal);
    };
  };
  return { nftTable, prepare };
}

describe('a start while an interface does not answer', () => {
  it('does not change the limits in nftables', async () => {
    const { app, id, wg0 } = await startWithPeer();
    const wg1 = app.wireguard.interface('wg1');
    const other = wg1.addPeer({ allowedIps: ['10.9.0.2/32'] });
    await polls(app);
    for (const user of [id, (await userOf(app, other.publicKey)).id]) {
      await app.post(`/api/users/${user}/update`, { bandwidth_limit: 100 });
    }
    await polls(app);
    const before = app.wireguard.controlled?.bandwidth;
    expect(before).toHaveLength(2);
    wg0.unknown = NO_ANSWER;
    wg1.unknown = NO_ANSWER;
    await app.restart();
    await polls(app);
    expect(app.wireguard.controlled?.bandwidth).toEqual(before);
  });
});

describe('after a program was killed', () => {
  it('between a removal and the next read, the log attributes the removal to it', async () => {
    const { nftTable, prepare } = withSwitch();
    const { app, wg0, peer, id } = await startWithPeer({ prepare });
    wg0.shakeHands(peer);
    await polls(app);
    const { commands } = app.wireguard;
    const { remove } = commands;
    const removed = new Promise<void>((resolve) => {
      commands.remove = async (...args) => {
        await remove(...args);
        nftTable.isDead = true;
        resolve();
        throw new Error('killed');
      };
    });
    void app.post(`/api/users/${id}/disable`, {});
    await removed;
    commands.remove = remove;
    await app.app.stop();
    nftTable.isDead = false;
    await app.restart();
    await polls(app);
    const log = await eventsOf(app, id);
    expect(log).toContainEqual({ type: 'PEER_REMOVED', actor: 'wgql', reason: 'DISABLED' });
    expect(log).toContainEqual({ type: 'SESSION_ENDED', actor: 'wgql', reason: 'DISABLED' });
  });
});

describe('a peer whose counters cannot be real', () => {
  it('is neither shown as off nor deleted while it is on', async () => {
    let oddKey = '';
    const { app, wg0, peer, id } = await startWithPeer({
      prepare: (wireguard) => {
        const { read } = wireguard;
        wireguard.read = async (signal) => {
          const snapshot = await read(signal);
          return {
            ...snapshot,
            interfaces: snapshot.interfaces.map((one) => {
              if (one.read.kind !== 'read') return one;
              const peers = one.read.peers.filter(({ publicKey }) => publicKey !== oddKey);
              const odd = one.read.peers.filter(({ publicKey }) => publicKey === oddKey);
              const unknownPeers = odd.map(({ publicKey }) => ({ publicKey, reason: NO_ANSWER }));
              return { ...one, read: { ...one.read, peers, unknownPeers } };
            }),
          };
        };
      },
    });
    oddKey = peer.publicKey;
    await polls(app);
    expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(503);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    expect((await userOf(app, peer.publicKey)).enforcement.applied).toBe('UNKNOWN');
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
  });
});

describe('the state shown for a user', () => {
  it('that is not managed is the known location of its peer', async () => {
    const { app, wg0, peer } = await startWithPeer();
    const applied = async () => (await userOf(app, peer.publicKey)).enforcement.applied;
    expect(await applied()).toBe('PRESENT');
    wg0.unknown = NO_ANSWER;
    app.clock.advance(20_000);
    await polls(app);
    expect(await applied()).toBe('UNKNOWN');
    wg0.unknown = null;
    wg0.exists = false;
    await polls(app);
    expect(await applied()).toBe('ABSENT');
  });

  it('that is created disabled, or configured while missing, is not pending', async () => {
    const { app, publicKey } = await startWithUser({ allowed_ips: '10.8.0.7', enabled: false });
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('ABSENT');
    const other = await startWithUser({ allowed_ips: '10.8.0.7' });
    other.wg0.peers.delete(other.publicKey);
    await polls(other.app);
    await updateUser(other.app, other.id, 'allowedIps: ["10.8.0.8"]');
    await polls(other.app);
    expect((await userOf(other.app, other.publicKey)).enforcement.applied).toBe('MISSING');
  });

  it('whose limit cannot be applied has the reason under WGQL_MANAGE=off', async () => {
    const { app, peer, id } = await startWithPeer();
    await updateUser(app, id, 'expiresAt: "2026-01-15T12:00:10Z"');
    await polls(app);
    await app.restart({ WGQL_MANAGE: 'off' });
    app.clock.advance(20_000);
    await polls(app);
    expect((await userOf(app, peer.publicKey)).enforcement).toMatchObject({
      desired: 'ABSENT',
      applied: 'PRESENT',
      lastError: expect.stringContaining('WGQL_MANAGE=off'),
    });
  });

  it('with an IPv4 address in IPv6 is present once WireGuard shows it in its own notation', async () => {
    const { app, wg0, publicKey } = await startWithUser({ allowed_ips: '::ffff:10.9.9.9' });
    expect(wg0.peers.get(publicKey)?.allowedIps).toEqual(['::ffff:10.9.9.9/128']);
    app.wireguard.writes.length = 0;
    await polls(app);
    expect(app.wireguard.writes).toEqual([]);
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('PRESENT');
  });
});

describe('a preshared key that was never seen', () => {
  it('can be declared as none, and then the peer is added', async () => {
    const { app, wg0, peer, id } = await startWithPeer({ env: { WGQL_MANAGE: 'off' } });
    wg0.exists = false;
    await app.restart({ WGQL_MANAGE: 'on' });
    await polls(app);
    await app.post('/api/users/create', { peer_pubkey: peer.publicKey });
    wg0.recreate();
    wg0.exists = true;
    await polls(app);
    expect((await userOf(app, peer.publicKey)).enforcement.lastError).toMatch(/null for none/);
    await updateUser(app, id, 'presharedKey: null');
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
  });
});

describe('a quota period', () => {
  it('starts again although the clock was days ahead for a while', async () => {
    const { app, wg0, publicKey, id } = await startWithUser({ data_limit: 1 });
    await updateUser(app, id, 'quotaPeriod: DAY');
    await polls(app);
    app.clock.jump(40 * DAY_MS);
    await polls(app);
    app.clock.jump(-40 * DAY_MS);
    await polls(app);
    const peer = wg0.peers.get(publicKey);
    if (peer === undefined) throw new Error('The peer is not there.');
    peer.rxBytes += 3n * 1024n * 1024n;
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(false);
    app.clock.advance(2 * DAY_MS);
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(true);
  });
});

describe('the backstop of a quota', () => {
  it('counts bytes from an idle peer, and bytes to it once it can receive', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await app.post(`/api/users/${id}/update`, { data_limit: 10 });
    await polls(app);
    const quotas = () => app.wireguard.controlled?.quotas.map(({ countsTx }) => countsTx);
    expect(quotas()).toEqual([false]);
    wg0.shakeHands(peer);
    await polls(app);
    expect(quotas()).toEqual([true]);
  });

  it('is not refilled while its interface cannot be read', async () => {
    const { app, wg0, id } = await startWithPeer();
    await app.post(`/api/users/${id}/update`, { data_limit: 10 });
    await polls(app);
    const areBooked = () => app.wireguard.controlled?.quotas.map(({ isBooked }) => isBooked);
    expect(areBooked()).toEqual([true]);
    wg0.unknown = { en: 'it sleeps', zh: '睡着了' };
    await polls(app);
    expect(areBooked()).toEqual([false]);
  });
});

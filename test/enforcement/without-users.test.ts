import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import {
  eventTypes,
  polls,
  startWithPeer,
  updateUser,
  userOf,
} from '../fixtures/enforcement-app.ts';

const MB = 1024n * 1024n;

describe('once a peer has no requirements any more', () => {
  it('the problem of its limit is no longer shown', async () => {
    const { app, peer, id } = await startWithPeer();
    const { nftTable } = app.wireguard;
    const { apply } = nftTable;
    nftTable.apply = async (wanted, signal) => {
      if (wanted.bandwidth.length === 0) return apply(wanted, signal);
      throw new AppError('UNAVAILABLE', { en: 'There is no nft.', zh: '没有 nft。' });
    };
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 100 });
    await polls(app);
    const lastError = async () => (await userOf(app, peer.publicKey)).enforcement.lastError;
    expect(await lastError()).toBe('There is no nft.');
    await app.post(`/api/users/${id}/update`, { bandwidth_limit: 0 });
    await polls(app);
    expect(await lastError()).toBeNull();
  });

  it('the hint to an operator is no longer shown for a released one', async () => {
    const { app, peer, id } = await startWithPeer();
    await updateUser(app, id, 'managed: true, allowedIps: ["192.168.7.0/24"]');
    await polls(app);
    const lastError = async () => (await userOf(app, peer.publicKey)).enforcement.lastError;
    expect(await lastError()).toMatch(/ip route add/);
    await updateUser(app, id, 'managed: false');
    await polls(app);
    expect(await lastError()).toBeNull();
  });

  it('its next quota warns like a first one', async () => {
    const { app, peer, id } = await startWithPeer();
    await updateUser(app, id, 'dataLimit: 10');
    peer.rxBytes += 9n * MB;
    await polls(app);
    await updateUser(app, id, 'dataLimit: 0');
    await polls(app);
    await updateUser(app, id, 'dataLimit: 11');
    await polls(app);
    const warnings = (await eventTypes(app, id)).filter((type) => type === 'QUOTA_WARNING');
    expect(warnings).toHaveLength(2);
  });
});

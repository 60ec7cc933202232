import { describe, expect, it } from 'vitest';
import { startFleet } from '../rest/support.ts';

const UPDATE = `mutation ($input: UpdateUserInput!) {
  updateUser(id: 1, input: $input) { user { id } } }`;
const READ = '{ user(id: 1) { enforcement { desired applied reason } quota { limit used left } } }';

describe('enforcement and quota', () => {
  it('show the required state and, within a poll, that it is applied', async () => {
    const app = await startFleet();
    app.online.rxBytes += 1_048_575n;
    app.online.txBytes += 1n;
    await app.polled();
    const enforcedAfter = async (input: Record<string, unknown>) => {
      const { errors } = await app.graphql(UPDATE, { input });
      expect(errors).toBeUndefined();
      await app.polled();
      return (await app.graphql(READ)).data.user;
    };
    const isPresent = () => app.wireguard.interface().peers.has(app.online.publicKey);
    const present = { desired: 'PRESENT', applied: 'PRESENT', reason: null };
    expect(await enforcedAfter({ dataLimit: 2 })).toEqual({
      enforcement: present,
      quota: { limit: '2097152', used: '1048576', left: '1048576' },
    });
    expect(await enforcedAfter({ dataLimit: 1 })).toEqual({
      enforcement: { desired: 'ABSENT', applied: 'ABSENT', reason: 'QUOTA_EXCEEDED' },
      quota: { limit: '1048576', used: '1048576', left: '0' },
    });
    expect(isPresent()).toBe(false);
    expect((await enforcedAfter({ dataLimit: 0 })).enforcement).toEqual(present);
    expect(isPresent()).toBe(true);
    const expired = await enforcedAfter({ expiresAt: '2026-01-15T12:00:00Z' });
    expect(expired.enforcement).toEqual({
      desired: 'ABSENT',
      applied: 'ABSENT',
      reason: 'EXPIRED',
    });
    const later = await enforcedAfter({ expiresAt: '2026-01-15T12:00:01Z' });
    expect(later.enforcement).toEqual(present);
  });

  it('say PENDING while the interface cannot be written', async () => {
    const app = await startFleet();
    app.wireguard.interface().unknown = { en: 'it sleeps', zh: '睡着了' };
    await app.polled();
    const { errors } = await app.graphql(UPDATE, { input: { enabled: false } });
    expect(errors).toBeUndefined();
    const { data } = await app.graphql(READ);
    expect(data.user.enforcement).toMatchObject({ desired: 'ABSENT', reason: 'DISABLED' });
    expect(['PENDING', 'UNKNOWN']).toContain(data.user.enforcement.applied);
  });
});

import { describe, expect, it } from 'vitest';
import {
  eventTypes,
  polls,
  startWithPeer,
  updateUser,
  userOf,
} from '../fixtures/enforcement-app.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { testClock } from '../fixtures/test-clock.ts';

const MB = 1024n * 1024n;
const HOUR_MS = 3_600_000;

/** What counts in the quota, and what the charts say of today. */
async function usedOf(app: TestApp, id: string) {
  const { data } = await app.graphql(
    `{ user(id: "${id}") { quota { used } usage { today { rx tx } } } }`,
  );
  const { rx, tx } = data.user.usage.today;
  return { quota: BigInt(data.user.quota.used), today: BigInt(rx) + BigInt(tx) };
}

const resets = async (app: TestApp, id: string) =>
  (await eventTypes(app, id)).filter((type) => type === 'QUOTA_RESET').length;

describe('a quota under WGQL_MANAGE=off', () => {
  it('starts its periods too', async () => {
    const { app, peer, id } = await startWithPeer();
    await updateUser(app, id, 'dataLimit: 10, quotaPeriod: DAY');
    peer.rxBytes += 3n * MB;
    await polls(app);
    await app.restart({ WGQL_MANAGE: 'off' });
    expect((await usedOf(app, id)).quota).toBe(3n * MB);
    app.clock.advance(22 * HOUR_MS);
    await polls(app);
    expect((await usedOf(app, id)).quota).toBe(0n);
    expect(await resets(app, id)).toBe(1);
  });
});

describe('bytes that are booked after a quota period began', () => {
  it('count from its start on, if the program was down at that time', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await updateUser(app, id, 'dataLimit: 10, quotaPeriod: DAY');
    await polls(app);
    await app.app.stop();
    app.clock.advance(22 * HOUR_MS);
    peer.rxBytes += 60n * MB;
    peer.txBytes += 40n * MB;
    await app.restart();
    await polls(app);
    const { quota, today } = await usedOf(app, id);
    expect(quota).toBe(today);
    expect(Number(quota / MB)).toBe(45);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    expect(await resets(app, id)).toBe(1);
  });

  it('count from its start on, if the interface did not respond at that time', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await updateUser(app, id, 'dataLimit: 10, quotaPeriod: DAY');
    app.clock.advance(11 * HOUR_MS);
    await polls(app);
    wg0.unknown = { en: 'No answer.', zh: '没有回答。' };
    app.clock.advance(HOUR_MS + 1_000);
    await polls(app);
    expect(await resets(app, id)).toBe(1);
    app.clock.advance(HOUR_MS - 1_000);
    peer.rxBytes += 12n * MB;
    wg0.unknown = null;
    await polls(app);
    const { quota, today } = await usedOf(app, id);
    expect(quota).toBe(today);
    expect(Number(quota / MB)).toBe(6);
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
  });

  it('count for the whole day, if the period is set later on that day', async () => {
    const { app, peer, id } = await startWithPeer();
    app.clock.advance(24 * HOUR_MS);
    peer.rxBytes += 5n * MB;
    await polls(app);
    app.clock.advance(HOUR_MS);
    await polls(app);
    await updateUser(app, id, 'quotaPeriod: DAY');
    await polls(app);
    const { quota, today } = await usedOf(app, id);
    expect(quota).toBe(today);
    expect(quota).toBeGreaterThan(0n);
  });

  it('do not count again after a manual reset', async () => {
    const { app, peer, id } = await startWithPeer();
    app.clock.advance(24 * HOUR_MS);
    await polls(app);
    peer.rxBytes += 5n * MB;
    await polls(app);
    await app.post(`/api/users/${id}/reset`, {});
    await updateUser(app, id, 'quotaPeriod: DAY');
    peer.rxBytes += MB;
    await polls(app);
    expect((await usedOf(app, id)).quota).toBe(MB);
  });
});

describe('the warning of a quota', () => {
  it('comes before the removal, even if one poll exceeds both', async () => {
    const { app, peer, id } = await startWithPeer();
    await updateUser(app, id, 'dataLimit: 10');
    await polls(app);
    peer.rxBytes += 11n * MB;
    await polls(app);
    const types = (await eventTypes(app, id)).filter((type) => type.startsWith('QUOTA_'));
    expect(types).toEqual(['QUOTA_WARNING', 'QUOTA_EXCEEDED']);
  });
});

describe('another time zone', () => {
  it('starts no new month within a month', async () => {
    const { app, peer, id } = await startWithPeer({
      env: { WGQL_TIME_ZONE: 'Asia/Shanghai' },
      clock: testClock(Date.UTC(2026, 1, 11, 12)),
    });
    await updateUser(app, id, 'dataLimit: 10, quotaPeriod: MONTH');
    await polls(app);
    peer.rxBytes += 9n * MB;
    await polls(app);
    await app.restart({ WGQL_TIME_ZONE: 'UTC' });
    await polls(app);
    expect((await usedOf(app, id)).quota).toBe(9n * MB);
    expect(await resets(app, id)).toBe(0);
    app.clock.advance(17 * 24 * HOUR_MS + 11 * HOUR_MS);
    await polls(app);
    expect(await resets(app, id)).toBe(0);
    app.clock.advance(HOUR_MS);
    await polls(app);
    expect(await resets(app, id)).toBe(1);
    expect((await usedOf(app, id)).quota).toBe(0n);
  });

  it('in which it is still the day before continues that day, and the next day starts again', async () => {
    const { app, peer, id } = await startWithPeer({
      env: { WGQL_TIME_ZONE: 'Asia/Shanghai' },
      clock: testClock(Date.UTC(2026, 1, 10, 20)),
    });
    await updateUser(app, id, 'dataLimit: 10, quotaPeriod: DAY');
    peer.rxBytes += 9n * MB;
    await polls(app);
    await app.restart({ WGQL_TIME_ZONE: 'UTC' });
    await polls(app);
    expect((await userOf(app, peer.publicKey)).quota).toMatchObject({ used: String(9n * MB) });
    app.clock.advance(4 * HOUR_MS);
    await polls(app);
    expect((await usedOf(app, id)).quota).toBe(0n);
    expect(await resets(app, id)).toBe(1);
  });
});

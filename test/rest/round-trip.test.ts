import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { newPresharedKey } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { shared } from '../fixtures/shared.ts';
import { type Fleet, startFleet, stateOf } from './support.ts';

const LISTS = ['/api/users', '/api/users/management'];

/** Users of all kinds: discovered with and without limits, taken over, created, disabled, over quota, expired, unusual. */
async function everyKindOfUser(env: Record<string, string> = {}): Promise<Fleet> {
  const app = await startFleet({
    env,
    prepare: (wireguard) => {
      const wg0 = wireguard.interface();
      for (const allowedIps of [[], ['10.9.0.9/32', 'fd00::9/128'], ['10.9.0.8/32']]) {
        const peer = wg0.addPeer({ allowedIps, persistentKeepaliveSeconds: 25 });
        wg0.presharedKeys.set(peer.publicKey, newPresharedKey());
        if (allowedIps.length > 0) wg0.shakeHands(peer);
      }
    },
  });
  const update = async (id: number, body: object) =>
    expect((await app.post(`/api/users/${id}/update`, body)).status).toBe(200);
  await update(2, { nickname: '张三', mail: 'a@example.com', bandwidth_limit: 5, data_limit: 6 });
  await update(3, { enabled: 0 });
  await update(4, { expiry_date: '2020-01-01' });
  await app.post('/api/users/create', { peer_pubkey: app.online.publicKey });
  for (const body of [
    { expiry_date: '9999-12-31', allowed_ips: '10.9.1.1/32', persistent_keepalive: 1 },
    { enabled: 0, preshared_key: newPresharedKey() },
    { interface: 'gone0', data_limit: 2_147_483_647 },
  ]) {
    const { status } = await app.post('/api/users', { peer_pubkey: newPublicKey(), ...body });
    expect(status).toBe(200);
  }
  return app;
}

async function postAllBack(app: Fleet, asForm: boolean): Promise<void> {
  for (const list of LISTS) {
    for (const user of (await app.rest(list)).body) {
      const form = Object.entries(user).map(([name, value]) => [name, String(value ?? '')]);
      const { status, text } = await app.rest(`/api/users/${user.id}/update`, {
        method: 'POST',
        body: asForm ? new URLSearchParams(form as [string, string][]) : JSON.stringify(user),
      });
      expect.soft(status, `${list} ${user.id} ${text}`).toBe(200);
    }
  }
}

/** Writes values into the database that no API accepts today. */
async function storeOddValues(app: Fleet): Promise<void> {
  const file = new Database(join(app.folder, 'wgql.db'));
  const set = file.prepare(
    'UPDATE "User" SET "nickname" = ?, "mail" = ?, "phone" = ?, "expiresAt" = ? WHERE "id" = ?',
  );
  set.run('a\nb\u0000', 'no address', ' 1 ', Date.UTC(2031, 0, 1, 0, 0, 0, 500), 1);
  set.run('x'.repeat(1_000), 'x@y@z', '\u2028', Date.UTC(9999, 11, 31), 2);
  set.run('null', 'None', '', Date.UTC(9999, 11, 31, 23, 59, 59), 5);
  file.close();
  await app.polled();
  await app.polled();
}

describe('a user that is posted back as it was read', () => {
  const usual = shared(async () => {
    const app = await everyKindOfUser({ WGQL_TIME_ZONE: 'Asia/Shanghai' });
    await app.polled();
    await app.polled();
    return app;
  });
  const odd = shared(async () => {
    const app = await everyKindOfUser();
    await storeOddValues(app);
    return app;
  });

  it.each([false, true])('is never rejected and changes nothing, as a form: %s', async (asForm) => {
    const app = usual();
    const before = await stateOf(app);
    await postAllBack(app, asForm);
    expect(await stateOf(app)).toEqual(before);
  });

  it.each([false, true])('is not rejected for stored values, as a form: %s', async (asForm) => {
    const app = odd();
    const before = await stateOf(app);
    await postAllBack(app, asForm);
    expect(await stateOf(app)).toEqual(before);
  });

  it('may have one field changed, and keeps all other fields', async () => {
    const app = odd();
    const [user] = (await app.rest('/api/users')).body;
    const { status, text } = await app.post('/api/users/1/update', { ...user, phone: '42' });
    expect(status, text).toBe(200);
    const [after] = (await app.rest('/api/users')).body;
    expect(after).toEqual({ ...user, phone: '42', updated_at: after.updated_at });
  });

  it('is not rejected under WGQL_MANAGE=off', async () => {
    const app = await startFleet({ env: { WGQL_MANAGE: 'off' } });
    const before = await stateOf(app);
    await postAllBack(app, false);
    expect(await stateOf(app)).toEqual(before);
  });

  it('may contain the values in WireGuard for a peer that is not managed, in any order', async () => {
    const app = usual();
    const before = await stateOf(app);
    const { status, text } = await app.post('/api/users/4/update', {
      allowed_ips: 'fd00:0::9, 10.9.0.9',
      persistent_keepalive: '25',
      interface: 'wg0',
    });
    expect(status, text).toBe(200);
    expect(await stateOf(app)).toEqual(before);
    const other = await app.post('/api/users/4/update', { allowed_ips: '10.9.0.9/32' });
    expect(other.status).toBe(400);
  });
});

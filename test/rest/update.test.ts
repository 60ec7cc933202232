import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { shared } from '../fixtures/shared.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { startFleet, stateOf } from './support.ts';

const userOf = async (app: TestApp, id = 1) => (await app.rest('/api/users')).body[id - 1];
const update = (app: TestApp, body: unknown, headers?: Record<string, string>) =>
  app.post('/api/users/1/update', body, headers);

describe('POST /api/users/{id}/update', () => {
  // For tests that look only at what they changed themselves.
  const fleet = shared(() => startFleet());
  const inNewYork = shared(() => startFleet({ env: { WGQL_TIME_ZONE: 'America/New_York' } }));

  it('changes only the given fields and answers as documented', async () => {
    const app = await startFleet();
    const before = (await app.rest('/api/users')).body;
    app.clock.advance(2_000);
    const { status, text } = await update(app, { phone: '13800138000', bandwidth_limit: 100 });
    expect(status).toBe(200);
    expect(text).toBe('{"status":"success","message":"用户信息更新成功"}');
    expect((await app.rest('/api/users')).body).toEqual([
      {
        ...before[0],
        phone: '13800138000',
        bandwidth_limit: 100,
        updated_at: '2026-01-15 12:00:02',
      },
      before[1],
    ]);
    const english = await update(app, { phone: '' }, { 'accept-language': 'en' });
    expect(english.body.message).toBe('The user was updated.');
  });

  it('changes nothing when the whole object is posted back unchanged', async () => {
    const app = await startFleet({ env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    await update(app, {
      nickname: '张三',
      mail: 'a@example.com',
      bandwidth_limit: 5,
      data_limit: 6,
      expiry_date: '2027-01-01 08:30:00',
      allowed_ips: '10.0.0.2/32',
      persistent_keepalive: 25,
    });
    app.clock.advance(60_000);
    app.online.rxBytes += 1n;
    await app.polled();
    const before = await stateOf(app);
    for (const path of ['/api/users', '/api/users/management']) {
      for (const user of (await app.rest(path)).body) {
        const { status, body } = await app.post(`/api/users/${user.id}/update`, user);
        expect(status).toBe(200);
        expect(body.status).toBe('success');
      }
    }
    expect(await stateOf(app)).toEqual(before);
    const managed = await app.graphql('{ users { edges { node { managed } } } }');
    for (const { node } of managed.data.users.edges) expect(node.managed).toBe(false);
  });

  it('changes nothing when an expiry in the hour that the clocks repeat is posted back', async () => {
    const app = inNewYork();
    // The second 01:30 of that night; the local time alone is ambiguous.
    await update(app, { expiry_date: '2026-11-01T01:30:00-05:00' });
    const before = await stateOf(app);
    await update(app, await userOf(app));
    expect(await stateOf(app)).toEqual(before);
  });

  it('ignores read-only fields, even with other values', async () => {
    const app = fleet();
    const before = await stateOf(app);
    const { status } = await update(app, {
      id: 99,
      status: 0,
      is_online: 0,
      login_ip: '203.0.113.1',
      total_rx: 5,
      total_tx: '6',
      last_login: null,
      session_start: 'x',
      created_at: '2000-01-01 00:00:00',
      updated_at: '2000-01-01 00:00:00',
    });
    expect(status).toBe(200);
    expect(await stateOf(app)).toEqual(before);
  });

  it('treats an empty body as no change', async () => {
    const app = fleet();
    const before = await stateOf(app);
    expect((await update(app, {})).status).toBe(200);
    expect((await app.rest('/api/users/1/update', { method: 'POST' })).status).toBe(200);
    expect(await stateOf(app)).toEqual(before);
  });

  it('accepts the stored peer_pubkey and rejects another one', async () => {
    const app = fleet();
    const before = await stateOf(app);
    expect((await update(app, { peer_pubkey: app.online.publicKey })).status).toBe(200);
    for (const key of [newPublicKey(), app.offline.publicKey, '', null, 7]) {
      const { status, body } = await update(app, { peer_pubkey: key, nickname: 'x' });
      expect(status).toBe(400);
      expect(body.code).toBe('INVALID_ARGUMENT');
      expect(body.message).toMatch(/^peer_pubkey：/);
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('accepts every documented format of an expiry, in the configured zone', async () => {
    const app = await startFleet({ env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    for (const [given, shown] of [
      ['2027-03-01', '2027-03-01 23:59:59'],
      ['2027-03-01 08:30:00', '2027-03-01 08:30:00'],
      ['2027-03-01T08:30:00Z', '2027-03-01 16:30:00'],
      ['2027-03-01T08:30:00.750+02:00', '2027-03-01 14:30:00'],
      ['2020-01-01', '2020-01-01 23:59:59'],
      ['', null],
      ['2028-02-29', '2028-02-29 23:59:59'],
      [null, null],
    ]) {
      const { status, text } = await update(app, { expiry_date: given });
      expect(status, `${given}: ${text}`).toBe(200);
      expect((await userOf(app)).expiry_date).toBe(shown);
    }
  });

  it('shows a date alone as the last second of that day, also on the day the clocks change', async () => {
    const app = inNewYork();
    await update(app, { expiry_date: '2026-11-01' });
    expect((await userOf(app)).expiry_date).toBe('2026-11-01 23:59:59');
    const { data } = await app.graphql('{ user(id: 1) { expiresAt } }');
    expect(data.user.expiresAt).toBe('2026-11-02T04:59:59.000Z');
  });

  it('accepts numbers and booleans as text, and text in every script', async () => {
    const app = fleet();
    for (const [given, expected] of [
      [
        { bandwidth_limit: '250', data_limit: '10' },
        { bandwidth_limit: 250, data_limit: 10 },
      ],
      [{ bandwidth_limit: 2_147_483_647 }, { bandwidth_limit: 2_147_483_647 }],
      [{ bandwidth_limit: null }, { bandwidth_limit: 0 }],
      [{ enabled: '0' }, { enabled: 0 }],
      [{ enabled: 'true' }, { enabled: 1 }],
      [{ enabled: false }, { enabled: 0 }],
      [{ enabled: 1 }, { enabled: 1 }],
      [{ nickname: '小明 😀 ñ' }, { nickname: '小明 😀 ñ' }],
      [{ nickname: '字'.repeat(256) }, { nickname: '字'.repeat(256) }],
      [
        { nickname: null, mail: null, phone: null },
        { nickname: '', mail: '', phone: '' },
      ],
      [{ nickname: "'; DROP TABLE User; --" }, { nickname: "'; DROP TABLE User; --" }],
    ]) {
      const { status, text } = await update(app, given);
      expect(status, text).toBe(200);
      expect(await userOf(app)).toMatchObject(expected as object);
    }
  });

  it('counts characters, not UTF-16 code units', async () => {
    const app = fleet();
    const emoji = '😀'.repeat(256);
    expect((await update(app, { nickname: emoji })).status).toBe(200);
    expect((await userOf(app)).nickname).toBe(emoji);
    expect((await update(app, { nickname: `${emoji}😀` })).status).toBe(400);
  });

  it('accepts a form', async () => {
    const app = fleet();
    const form = new URLSearchParams({ nickname: '表单', enabled: '0', data_limit: '3' });
    const { status } = await app.rest('/api/users/1/update', { method: 'POST', body: form });
    expect(status).toBe(200);
    expect(await userOf(app)).toMatchObject({ nickname: '表单', enabled: 0, data_limit: 3 });
  });

  it('logs an update and a change of enabled as events, and who changed which fields', async () => {
    const clock = testClock();
    const app = await startTestApp({ clock, prepare: (wg) => void wg.interface().addPeer() });
    await app.polled();
    await update(app, { nickname: 'n', enabled: 0 });
    const { data } = await app.graphql(`{
      events(filter: { types: [USER_UPDATED, USER_DISABLED] }) { edges { node { type userId } } }
      auditLog { edges { node { actor action userId detail at } } }
    }`);
    expect(data.events.edges.map((e: { node: unknown }) => e.node)).toEqual([
      { type: 'USER_UPDATED', userId: '1' },
      { type: 'USER_DISABLED', userId: '1' },
    ]);
    expect(data.auditLog.edges.map((e: { node: unknown }) => e.node)).toEqual([
      {
        actor: 'local',
        action: 'updateUser',
        userId: '1',
        detail: '{"fields":["nickname","enabled"]}',
        at: '2026-01-15T12:00:00.000Z',
      },
    ]);
  });
});

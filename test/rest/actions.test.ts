import { describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { startFleet, stateOf } from './support.ts';

const enabledOf = async (app: TestApp) => (await app.rest('/api/users')).body[0].enabled;

async function eventTypes(app: TestApp): Promise<string[]> {
  const { data } = await app.graphql('{ events(first: 1000) { edges { node { type } } } }');
  return data.events.edges.map(({ node }: { node: { type: string } }) => node.type);
}

describe('actions on a user', () => {
  it('are accepted by GET and POST, with both spellings, and in the body of a POST', async () => {
    const app = await startFleet();
    const done = async (path: string, init: RequestInit | undefined, enabled: number) => {
      const { status, body, headers } = await app.rest(path, init);
      expect(status, path).toBe(200);
      expect(body).toStrictEqual({
        status: 'success',
        message: enabled === 1 ? '用户已启用' : '用户已禁用',
      });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(await enabledOf(app)).toBe(enabled);
    };
    await done('/api/users/1/action?action=disable', undefined, 0);
    await done('/api/users/1/action?action=enable', undefined, 1);
    await done('/api/users/1/disable', undefined, 0);
    await done('/api/users/1/enable', undefined, 1);
    await done('/api/users/1/action?action=disable', { method: 'POST' }, 0);
    await done('/api/users/1/enable', { method: 'POST' }, 1);
    const json = { 'content-type': 'application/json' };
    await done(
      '/api/users/1/action',
      { method: 'POST', headers: json, body: '{"action":"disable"}' },
      0,
    );
    const form = new URLSearchParams({ action: 'enable' });
    await done('/api/users/1/action', { method: 'POST', body: form }, 1);
  });

  it('log each change of enabled, and nothing if it is unchanged', async () => {
    const app = await startFleet();
    await app.rest('/api/users/1/disable');
    const disabled = await stateOf(app);
    expect((await app.rest('/api/users/1/disable')).status).toBe(200);
    expect(await stateOf(app)).toEqual(disabled);
    await app.rest('/api/users/1/enable');
    const types = await eventTypes(app);
    expect(types.filter((type) => /USER_(EN|DIS)ABLED/.test(type))).toEqual([
      'USER_DISABLED',
      'USER_ENABLED',
    ]);
  });

  it('reset totals and quota to zero and keep sessions and charts', async () => {
    const app = await startFleet();
    app.online.rxBytes += 1000n;
    app.online.txBytes += 500n;
    await app.polled();
    app.clock.advance(1_000);
    const { body } = await app.rest('/api/users/1/reset');
    expect(body).toStrictEqual({ status: 'success', message: '流量统计已重置' });
    expect((await app.rest('/api/users')).body[0]).toMatchObject({
      total_rx: 0,
      total_tx: 0,
      updated_at: '2026-01-15 12:00:01',
    });
    expect((await app.rest('/api/events')).body[0]).toMatchObject({
      session_rx: 1000,
      session_tx: 500,
    });
    expect((await app.rest('/api/traffic/chart?days=1')).body[0]).toMatchObject({
      total_rx: 1000,
    });
    expect((await app.rest('/api/dashboard')).body).toMatchObject({ total_rx: 0, today_rx: 1000 });
    const quota = await app.graphql('{ user(id: 1) { quota { used } } }');
    expect(quota.data.user.quota.used).toBe('0');
    app.online.rxBytes += 10n;
    await app.polled();
    expect((await app.rest('/api/users')).body[0]).toMatchObject({ total_rx: 10, total_tx: 0 });
  });

  it('answer in English if the client prefers it', async () => {
    const app = await startFleet();
    const english = { headers: { 'accept-language': 'en-GB,en;q=0.9,zh;q=0.1' } };
    const { body } = await app.rest('/api/users/1/disable', english);
    expect(body.message).toBe('The user was disabled.');
    const missing = await app.rest('/api/users/9/disable', english);
    expect(missing.body.message).toMatch(/^There is no user with this id/);
    const french = { headers: { 'accept-language': 'fr' } };
    expect((await app.rest('/api/users/1/enable', french)).body.message).toBe('用户已启用');
    const chinese = { headers: { 'accept-language': 'en;q=0.5, zh-CN' } };
    expect((await app.rest('/api/users/1/disable', chinese)).body.message).toBe('用户已禁用');
  });

  it('are rejected if missing, unknown or given twice, with the list of actions', async () => {
    const app = await startFleet();
    const before = await stateOf(app);
    for (const path of [
      '/api/users/1/action',
      '/api/users/1/action?action=',
      '/api/users/1/action?action=explode',
      '/api/users/1/action?action=ENABLE',
      '/api/users/1/action?action=disable&action=enable',
      '/api/users/1/action?Action=disable',
    ]) {
      for (const method of ['GET', 'POST']) {
        const { status, body, headers } = await app.rest(path, { method });
        expect(status, path).toBe(400);
        expect(body).toStrictEqual({
          status: 'error',
          message: 'action：必须是 enable、disable、reset、kick、delete 之一',
          code: 'INVALID_ARGUMENT',
        });
        expect(headers.get('access-control-allow-origin')).toBe('*');
      }
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('answer 404 for a user that does not exist and for an invalid id', async () => {
    const app = await startTestApp();
    for (const id of ['1', '0', '-1', '1.5', 'abc', '1e1', '99999999999999999999', '%20', '%00']) {
      for (const action of ['enable', 'disable', 'reset', 'kick', 'delete']) {
        for (const path of [
          `/api/users/${id}/${action}`,
          `/api/users/${id}/action?action=${action}`,
        ]) {
          const { status, body } = await app.rest(path);
          expect(status, path).toBe(404);
          expect(body).toMatchObject({ status: 'error', code: 'NOT_FOUND' });
        }
      }
      const update = await app.post(`/api/users/${id}/update`, { nickname: 'x' });
      expect(update.status, id).toBe(404);
    }
  });

  it('kick an online user, who must repeat the handshake, and report an offline one', async () => {
    const app = await startFleet();
    const offline = await stateOf(app);
    const info = await app.rest('/api/users/2/kick');
    expect(info.status).toBe(200);
    expect(info.body).toStrictEqual({ status: 'info', message: '用户当前不在线' });
    expect(await stateOf(app)).toEqual(offline);
    const kicked = await app.rest('/api/users/1/action?action=kick');
    expect(kicked.body).toStrictEqual({ status: 'success', message: '用户已被踢下线' });
    expect((await app.rest('/api/users')).body[0]).toMatchObject({ status: 0, enabled: 1 });
    await app.eventually('the peer to be back', async () =>
      app.wireguard.interface().peers.has(app.online.publicKey),
    );
    expect(await eventTypes(app)).toContain('USER_KICKED');
  });

  it('delete a user: the peer and personal data are removed, the charts are kept', async () => {
    const app = await startFleet();
    app.online.rxBytes += 1000n;
    await app.polled();
    await app.post('/api/users/1/update', { mail: 'secret@example.com' });
    const { body } = await app.rest('/api/users/1/delete');
    expect(body).toStrictEqual({ status: 'success', message: '用户已删除' });
    expect(app.wireguard.interface().peers.has(app.online.publicKey)).toBe(false);
    const users = await app.rest('/api/users');
    expect(users.body.map(({ id }: { id: number }) => id)).toEqual([2]);
    expect((await app.rest('/api/users/1/delete')).status).toBe(404);
    const chart = await app.rest('/api/traffic/chart?days=1');
    expect(chart.body).toMatchObject([{ total_rx: 1000 }]);
    expect((await app.rest('/api/dashboard')).body).toMatchObject({ total_users: 1, total_rx: 0 });
    expect((await app.rest('/api/events/history')).text).not.toContain(app.online.publicKey);
  });

  it('do not delete a user, with 503, if the peer cannot be removed', async () => {
    const app = await startFleet();
    app.wireguard.interface().unknown = { en: 'it sleeps', zh: '睡着了' };
    await app.polled();
    const { status, body } = await app.rest('/api/users/1/delete');
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'error', code: 'UNAVAILABLE' });
    app.wireguard.interface().unknown = null;
    await app.polled();
    expect((await app.rest('/api/users')).body).toHaveLength(2);
    expect(app.wireguard.interface().peers.has(app.online.publicKey)).toBe(true);
  });
});

describe('a browser that prefetches', () => {
  it('changes nothing, and gets an error', async () => {
    const app = await startFleet();
    const before = await stateOf(app);
    for (const [name, value] of [
      ['sec-purpose', 'prefetch'],
      ['sec-purpose', 'prefetch;prerender'],
      ['purpose', 'prefetch'],
      ['x-moz', 'prefetch'],
    ] as const) {
      const headers = { [name]: value };
      const {
        status,
        body,
        headers: answered,
      } = await app.rest('/api/users/1/disable', { headers });
      expect(status).toBe(403);
      expect(body).toMatchObject({ status: 'error', code: 'FORBIDDEN' });
      expect(answered.get('cache-control')).toBe('no-store');
    }
    expect(await stateOf(app)).toEqual(before);
    const reading = await app.rest('/api/users', { headers: { 'sec-purpose': 'prefetch' } });
    expect(reading.status).toBe(200);
  });
});

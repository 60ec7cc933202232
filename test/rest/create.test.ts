import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { startFleet, stateOf } from './support.ts';

describe('POST /api/users/create', () => {
  it('creates a user and answers as documented, with both spellings', async () => {
    const app = await startTestApp();
    await app.polled();
    for (const [path, id] of [
      ['/api/users/create', 1],
      ['/api/users', 2],
    ] as const) {
      const answer = await app.post(path, {
        peer_pubkey: newPublicKey(),
        nickname: 'NewUser',
        mail: 'new@example.com',
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.text).toBe(`{"status":"success","message":"用户创建成功","user_id":${id}}`);
    }
    const { body } = await app.rest('/api/users');
    expect(body[0]).toMatchObject({
      nickname: 'NewUser',
      mail: 'new@example.com',
      phone: '',
      enabled: 1,
      status: 0,
      expiry_date: null,
      created_at: '2026-01-15 12:00:00',
    });
  });

  it('answers in English if requested', async () => {
    const app = await startTestApp();
    const body = { peer_pubkey: newPublicKey() };
    const created = await app.post('/api/users/create', body, { 'accept-language': 'en' });
    expect(created.body.message).toBe('The user was created.');
    const again = await app.post('/api/users/create', body, { 'accept-language': 'en' });
    expect(again.body.message).toMatch(/^This public key already belongs to the user 1/);
  });

  it('accepts the update fields and those of the peer', async () => {
    const app = await startTestApp();
    const key = newPublicKey();
    const secret = newPublicKey();
    const { body } = await app.post('/api/users/create', {
      peer_pubkey: key,
      nickname: '李四',
      mail: '',
      phone: '+86 138-0013-8000',
      note: 'a note',
      interface: 'wg7',
      allowed_ips: ['10.0.0.2', '10.1.0.0/16', 'fd00::0001/128', '10.0.0.2/32'],
      preshared_key: secret,
      persistent_keepalive: 25,
      bandwidth_limit: 512,
      data_limit: 2048,
      expiry_date: '2026-12-31',
      enabled: 0,
    });
    expect(body.status).toBe('success');
    const { data } = await app.graphql(`{ user(id: 1) {
      publicKey nickname mail phone note interface allowedIps persistentKeepalive enabled managed
      bandwidthLimit dataLimit expiresAt } }`);
    expect(data.user).toEqual({
      publicKey: key,
      nickname: '李四',
      mail: '',
      phone: '+86 138-0013-8000',
      note: 'a note',
      interface: 'wg7',
      allowedIps: ['10.0.0.2/32', '10.1.0.0/16', 'fd00::1/128'],
      persistentKeepalive: 25,
      enabled: false,
      managed: true,
      bandwidthLimit: 512,
      dataLimit: 2048,
      expiresAt: '2026-12-31T23:59:59.000Z',
    });
    const audit = await app.graphql(
      '{ auditLog { edges { node { actor action userId detail } } } }',
    );
    expect(audit.data.auditLog.edges).toHaveLength(1);
    expect(audit.data.auditLog.edges[0].node).toMatchObject({
      actor: 'local',
      action: 'createUser',
      userId: '1',
    });
    expect(JSON.stringify(audit.data)).not.toContain(secret);
    expect((await app.rest('/api/users')).text).not.toContain(secret);
  });

  it('accepts a form, with numbers and booleans as text', async () => {
    const app = await startTestApp();
    const form = new URLSearchParams({
      peer_pubkey: newPublicKey(),
      nickname: '王 五 & co',
      bandwidth_limit: '100',
      data_limit: '0',
      persistent_keepalive: '15',
      enabled: 'false',
      expiry_date: '',
      allowed_ips: '10.0.0.9/32, 10.0.0.10/32',
    });
    const { status, text } = await app.rest('/api/users/create', { method: 'POST', body: form });
    expect(status, text).toBe(200);
    expect((await app.rest('/api/users')).body[0]).toMatchObject({
      nickname: '王 五 & co',
      bandwidth_limit: 100,
      data_limit: 0,
      enabled: 0,
      expiry_date: null,
    });
  });

  it('adopts a discovered user: id, totals and sessions are kept, fields are applied', async () => {
    const app = await startFleet();
    app.online.rxBytes += 700n;
    await app.polled();
    app.clock.advance(1_000);
    const { body } = await app.post('/api/users/create', {
      peer_pubkey: app.online.publicKey,
      phone: '123',
    });
    expect(body).toStrictEqual({ status: 'success', message: '用户创建成功', user_id: 1 });
    const users = await app.rest('/api/users');
    expect(users.body).toHaveLength(2);
    expect(users.body[0]).toMatchObject({
      id: 1,
      nickname: 'User_1',
      phone: '123',
      total_rx: 700,
      status: 1,
      created_at: '2026-01-15 12:00:00',
      updated_at: '2026-01-15 12:00:01',
    });
    expect((await app.rest('/api/events/history')).body).toHaveLength(1);
    const { data } = await app.graphql('{ user(id: 1) { managed } }');
    expect(data.user.managed).toBe(true);
  });

  it('answers 409 for a key that was created or adopted before, and changes nothing', async () => {
    const app = await startFleet();
    const created = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: created, nickname: 'first' });
    await app.post('/api/users/create', { peer_pubkey: app.online.publicKey });
    const before = await stateOf(app);
    for (const key of [created, app.online.publicKey]) {
      const { status, body } = await app.post('/api/users/create', {
        peer_pubkey: key,
        nickname: 'second',
      });
      expect(status).toBe(409);
      expect(body).toMatchObject({ status: 'error', code: 'CONFLICT' });
      expect(body.message).toContain('该公钥已属于用户');
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('creates one user from two simultaneous requests for the same key', async () => {
    const app = await startTestApp();
    const body = { peer_pubkey: newPublicKey() };
    const answers = await Promise.all([1, 2, 3].map(() => app.post('/api/users/create', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await app.rest('/api/users')).body).toHaveLength(1);
  });

  it('books the traffic of the peer to the created user once it appears', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    await app.polled();
    const publicKey = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: publicKey, nickname: 'early' });
    const peer = wg0.addPeer({ publicKey });
    wg0.shakeHands(peer);
    peer.rxBytes += 50n;
    await app.polled();
    expect((await app.rest('/api/users')).body).toMatchObject([
      { id: 1, nickname: 'early', total_rx: 50, status: 1 },
    ]);
  });
});

describe('creating a user with several interfaces', () => {
  it('requires the interface of a new key, and names the existing ones', async () => {
    const app = await startTestApp({
      prepare: (wg) => {
        wg.interface('wg0');
        wg.interface('wg1');
      },
    });
    await app.polled();
    const body = { peer_pubkey: newPublicKey() };
    const refused = await app.post('/api/users/create', body);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toBe('interface：必须提供，因为有多个接口：wg0, wg1');
    expect((await app.post('/api/users/create', { ...body, interface: 'wg1' })).status).toBe(200);
  });

  it('adopts a discovered user without an interface in the request', async () => {
    const app = await startTestApp({ prepare: (wg) => void wg.interface('wg0') });
    const peer = app.wireguard.interface('wg1').addPeer();
    await app.polled();
    const taken = await app.post('/api/users/create', { peer_pubkey: peer.publicKey });
    expect(taken.body).toStrictEqual({ status: 'success', message: '用户创建成功', user_id: 1 });
    const again = await app.post('/api/users/create', { peer_pubkey: peer.publicKey });
    expect(again.status).toBe(409);
  });
});

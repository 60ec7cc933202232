import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { newPresharedKey } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { shared } from '../fixtures/shared.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { type RawRequest, send, startFleet, stateOf } from './support.ts';

const FORM = 'application/x-www-form-urlencoded';
const UPDATE = '/api/users/1/update';

/** For tests that look only at what they changed themselves. */
const fleet = shared(() => startFleet());

const post = (app: TestApp, body: string, type?: string, more: Partial<RawRequest> = {}) =>
  send(app, {
    method: 'POST',
    path: UPDATE,
    body,
    ...more,
    headers: { ...(type !== undefined && { 'content-type': type }), ...more.headers },
  });
const postBytes = (app: TestApp, body: Buffer, headers: Record<string, string>) =>
  app.rest(UPDATE, { method: 'POST', body: new Uint8Array(body), headers });
const userOf = async (app: TestApp) => (await app.rest('/api/users')).body[0];
const userWith = async (app: TestApp, key: string) =>
  (await app.rest('/api/users')).body.find(
    (user: { peer_pubkey: string }) => user.peer_pubkey === key,
  );
const peerOf = async (app: TestApp, id = '1') =>
  (
    await app.graphql(
      'query ($id: ID) { user(id: $id) { interface allowedIps persistentKeepalive note } }',
      { id },
    )
  ).data.user;

describe('a JSON body', () => {
  it.each([
    undefined,
    FORM,
    `${FORM}; charset=UTF-8`,
    'text/plain',
    'text/plain;charset=UTF-8',
    'text/json',
    'application/octet-stream',
    'application/vnd.client+json',
    'application/json;charset=utf8',
    'application/json; charset=',
    'application/json; charset=""',
    'Application/JSON; Charset="UTF-8"',
    'application/json; charset=iso-8859-1',
    'nonsense',
  ])('is accepted with any content type: %s', async (type) => {
    const app = fleet();
    for (const chunked of [false, true]) {
      const nickname = `${type} ${chunked}`;
      const body = ` ${JSON.stringify({ nickname })}\n`;
      const { status, text } = await post(app, body, type, { chunked });
      expect(status, text).toBe(200);
      expect((await userOf(app)).nickname).toBe(nickname);
    }
  });

  it('is accepted with a byte order mark, and compressed', async () => {
    const app = fleet();
    const marked = Buffer.from('\uFEFF{"nickname":"名字"}');
    expect((await postBytes(app, marked, { 'content-type': 'application/json' })).status).toBe(200);
    expect((await userOf(app)).nickname).toBe('名字');
    const zipped = gzipSync('{"nickname":"zipped"}');
    expect((await postBytes(app, zipped, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await userOf(app)).nickname).toBe('zipped');
  });

  it('is rejected if its bytes are ambiguous, without any change', async () => {
    const app = fleet();
    const before = await stateOf(app);
    const latin = Buffer.from('{"nickname":"é"}', 'latin1');
    for (const [headers, status] of [
      [{ 'content-type': 'application/json' }, 400],
      [{ 'content-type': 'application/json; charset=iso-8859-1' }, 415],
      [{ 'content-type': 'application/json; charset=utf-16' }, 415],
    ] as const) {
      expect((await postBytes(app, latin, headers)).status).toBe(status);
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('with a duplicate key has the last value', async () => {
    const app = fleet();
    await post(app, '{"nickname":"a","nickname":"b"}');
    expect((await userOf(app)).nickname).toBe('b');
  });

  it('of a reading request is ignored', async () => {
    const app = fleet();
    for (const path of ['/api/users', '/api/status']) {
      const headers = { 'content-type': 'application/json' };
      expect((await send(app, { path, headers, body: 'undefined' })).status).toBe(200);
    }
  });

  it('may be blank', async () => {
    const app = fleet();
    for (const type of [undefined, FORM, 'application/json', 'text/plain']) {
      expect((await post(app, ' \r\n', type)).status).toBe(200);
    }
  });
});

describe('a form', () => {
  const form = (app: TestApp, body: string, path = UPDATE) => post(app, body, FORM, { path });

  it('may leave every optional field blank when it creates a user', async () => {
    const app = fleet();
    const blank = `nickname=Form&mail=&phone=&note=&bandwidth_limit=&data_limit=&expiry_date=&interface=&allowed_ips=&preshared_key=&persistent_keepalive=&enabled=`;
    const key = newPublicKey();
    const body = `peer_pubkey=${encodeURIComponent(key)}&${blank}`;
    const { status, text } = await form(app, body, '/api/users/create');
    expect(status, text).toBe(200);
    expect(await userWith(app, key)).toMatchObject({ nickname: 'Form', enabled: 1, data_limit: 0 });
  });

  it('clears blank fields that responses show, and keeps blank fields that they do not', async () => {
    const app = await startFleet();
    await app.post('/api/users/create', { peer_pubkey: app.online.publicKey });
    const peer = { allowed_ips: ['10.9.0.2/32'], persistent_keepalive: 25, interface: 'wg0' };
    const { status } = await app.post(UPDATE, {
      ...peer,
      preshared_key: newPresharedKey(),
      bandwidth_limit: 5,
      data_limit: 6,
      expiry_date: '2030-01-01',
      enabled: 0,
    });
    expect(status).toBe(200);
    const before = await peerOf(app);
    const blanks =
      'mail=&phone=&bandwidth_limit=&data_limit=&expiry_date=&interface=&allowed_ips=&preshared_key=&persistent_keepalive=&enabled=';
    expect((await form(app, blanks)).status).toBe(200);
    expect(await userOf(app)).toMatchObject({
      bandwidth_limit: 0,
      data_limit: 0,
      expiry_date: null,
      enabled: 0,
    });
    expect(await peerOf(app)).toEqual(before);
  });

  it('clears a field with the text null, like JSON with null', async () => {
    const app = await startFleet();
    await app.post('/api/users/create', { peer_pubkey: app.online.publicKey });
    for (const word of ['null', 'None']) {
      await app.post(UPDATE, {
        preshared_key: newPresharedKey(),
        persistent_keepalive: 25,
        bandwidth_limit: 5,
        expiry_date: '2030-01-01',
        allowed_ips: '10.9.0.2/32',
      });
      const { status, text } = await form(
        app,
        `preshared_key=${word}&persistent_keepalive=${word}&bandwidth_limit=${word}&expiry_date=${word}&allowed_ips=${word}`,
      );
      expect(status, text).toBe(200);
      expect(await userOf(app)).toMatchObject({ bandwidth_limit: 0, expiry_date: null });
      expect(await peerOf(app)).toMatchObject({ persistentKeepalive: null, allowedIps: null });
    }
    await form(app, 'nickname=null');
    expect((await userOf(app)).nickname).toBe('null');
  });

  it('may be sent blank for a peer that is not managed', async () => {
    const app = await startFleet({
      prepare: (wireguard) => {
        const peer = wireguard.interface().addPeer({
          allowedIps: ['10.9.0.9/32'],
          persistentKeepaliveSeconds: 25,
        });
        wireguard.interface().presharedKeys.set(peer.publicKey, newPresharedKey());
      },
    });
    const blanks = 'nickname=x&interface=&allowed_ips=&preshared_key=&persistent_keepalive=';
    const { status, text } = await form(app, blanks, '/api/users/3/update');
    expect(status, text).toBe(200);
  });

  it.each([
    ['data_limit=%2010%20', { data_limit: 10 }],
    ['data_limit=10.0', { data_limit: 10 }],
    ['data_limit=%2B10', { data_limit: 10 }],
    ['data_limit=0010', { data_limit: 10 }],
    ['enabled=off', { enabled: 0 }],
    ['enabled=False', { enabled: 0 }],
    ['enabled=on', { enabled: 1 }],
    ['nickname=50%+off', { nickname: '50% off' }],
    ['nickname=a=b', { nickname: 'a=b' }],
    ['nickname=a&nickname=a', { nickname: 'a' }],
    ['&nickname=x&', { nickname: 'x' }],
    ['nickname=x\r\n', { nickname: 'x' }],
  ])('is accepted if it is unambiguous: %j', async (body, expected) => {
    const app = fleet();
    const others = { data_limit: 0, nickname: 'other', enabled: body === 'enabled=on' ? 0 : 1 };
    expect((await app.post(UPDATE, others)).status).toBe(200);
    expect(await userOf(app)).not.toMatchObject(expected);
    const { status, text } = await form(app, body);
    expect(status, text).toBe(200);
    expect(await userOf(app)).toMatchObject(expected);
  });

  it.each([
    'data_limit=1e3',
    'data_limit=0x10',
    'data_limit=1%202',
    'data_limit=1&data_limit=2',
    'nickname=a&nickname=b',
    'enabled=0&enabled=1',
    'expiry_date=2030-01-01&expiry_date=2031-01-01',
    'nickname=%E9',
    'enabled=yes',
  ])('is rejected if it is ambiguous, without any change: %s', async (body) => {
    const app = fleet();
    const before = await stateOf(app);
    expect((await form(app, body)).status).toBe(400);
    expect(await stateOf(app)).toEqual(before);
  });

  it('may repeat a list, and may have unencoded plus signs in keys', async () => {
    const app = fleet();
    const key = `${'a+b/'.repeat(10)}a+Y=`;
    const prefixes = 'allowed_ips=10.9.0.2/32&allowed_ips=10.9.0.3, 10.9.0.2/32';
    const create = '/api/users/create';
    const { status, text } = await form(app, `peer_pubkey=${key}&${prefixes}`, create);
    expect(status, text).toBe(200);
    const { id } = await userWith(app, key);
    expect((await peerOf(app, String(id))).allowedIps).toEqual(['10.9.0.2/32', '10.9.0.3/32']);
  });

  it('with very many fields is rejected', async () => {
    const app = fleet();
    const many = Array.from({ length: 100_000 }, (_, n) => `f${n}=1`).join('&');
    const { status, text } = await form(app, many);
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(500);
  });
});

describe('a path', () => {
  it.each([
    ['/api/users/', 200],
    ['/api/users/001/enable', 200],
    ['/api/users/%31/enable', 200],
    ['/api/users/1/enable/', 200],
    ['/api/users/1/action?action=enable&x=1&x=2', 200],
    ['/api//users', 404],
    ['//api/users', 404],
    ['/api/Users', 404],
    ['/api/users/1%2Fenable', 404],
    ['/api/users/+1/enable', 404],
    ['/api/users/99999999999999999999/enable', 404],
    ['/api/users/%zz/enable', 400],
  ])('%s is answered %i', async (path, status) => {
    const app = fleet();
    expect((await send(app, { path })).status).toBe(status);
  });
});

describe('a query parameter', () => {
  it.each([
    ['/api/users?page=%201%20&per_page=1.0', 200],
    ['/api/users?page=', 200],
    ['/api/users/management?status=Online', 200],
    ['/api/traffic/chart?days=%207', 200],
    ['/api/users/management?search=a&search=b', 400],
    ['/api/events/history?user_id=1&user_id=2', 400],
    ['/api/events/history?from=2026-01-01&from=2026-01-02', 400],
    ['/api/traffic/chart?days=1&days=2', 400],
    ['/api/users?unknown=1&unknown=2&__proto__=x', 200],
  ])('%s is answered %i', async (path, status) => {
    const app = fleet();
    const answer = await send(app, { path });
    expect(answer.status, answer.text).toBe(status);
  });
});

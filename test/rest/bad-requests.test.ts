import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { shared } from '../fixtures/shared.ts';
import { startFleet, stateOf } from './support.ts';

/** Bodies that an update rejects, with the fields that the message must name. */
const REFUSED: readonly (readonly [body: Record<string, unknown>, fields: readonly string[]])[] = [
  [{ nickname: 'a\u0000b' }, ['nickname']],
  [{ nickname: 'a\nb' }, ['nickname']],
  [{ nickname: 'a\u007fb' }, ['nickname']],
  [{ nickname: 'a\u0085b' }, ['nickname']],
  [{ nickname: 'a\u2028b' }, ['nickname']],
  [{ nickname: 'x'.repeat(257) }, ['nickname']],
  [{ nickname: ['a'] }, ['nickname']],
  [{ nickname: { a: 1 } }, ['nickname']],
  [{ phone: '1'.repeat(257) }, ['phone']],
  [{ note: '\u0007' }, ['note']],
  [{ mail: 'no address' }, ['mail']],
  [{ mail: 'a@' }, ['mail']],
  [{ mail: '@b' }, ['mail']],
  [{ mail: 'a@b@c' }, ['mail']],
  [{ mail: `${'a'.repeat(250)}@example.com` }, ['mail']],
  [{ bandwidth_limit: -1 }, ['bandwidth_limit']],
  [{ bandwidth_limit: 1.5 }, ['bandwidth_limit']],
  [{ bandwidth_limit: '1.5' }, ['bandwidth_limit']],
  [{ bandwidth_limit: 'fast' }, ['bandwidth_limit']],
  [{ bandwidth_limit: true }, ['bandwidth_limit']],
  [{ bandwidth_limit: [5] }, ['bandwidth_limit']],
  [{ bandwidth_limit: 2_147_483_648 }, ['bandwidth_limit']],
  [{ data_limit: -5 }, ['data_limit']],
  [{ data_limit: '99999999999999999999' }, ['data_limit']],
  [{ data_limit: '0x10' }, ['data_limit']],
  [{ expiry_date: 'soon' }, ['expiry_date']],
  [{ expiry_date: '2026-02-30' }, ['expiry_date']],
  [{ expiry_date: '2026-13-01' }, ['expiry_date']],
  [{ expiry_date: '2026-01-01 25:00:00' }, ['expiry_date']],
  [{ expiry_date: '2026-01-01T00:00:00' }, ['expiry_date']],
  [{ expiry_date: '01/02/2026' }, ['expiry_date']],
  [{ expiry_date: 1_767_225_600 }, ['expiry_date']],
  [{ expiry_date: '+275760-09-13T00:00:00Z' }, ['expiry_date']],
  [{ expiry_date: '+012345-01-01T00:00:00Z' }, ['expiry_date']],
  [{ expiry_date: '-000001-01-01T00:00:00Z' }, ['expiry_date']],
  [{ enabled: 2 }, ['enabled']],
  [{ enabled: 'yes' }, ['enabled']],
  [{ enabled: null }, ['enabled']],
  [{ enabled: '' }, ['enabled']],
  [{ interface: 'a name too long for one' }, ['interface']],
  [{ interface: 'wg/0' }, ['interface']],
  [{ interface: 'wg0:1' }, ['interface']],
  [{ interface: '..' }, ['interface']],
  [{ interface: 'wg\u0000' }, ['interface']],
  [{ interface: '字'.repeat(6) }, ['interface']],
  [{ allowed_ips: ['10.0.0.256/32'] }, ['allowed_ips']],
  [{ allowed_ips: ['10.0.0.1/33'] }, ['allowed_ips']],
  [{ allowed_ips: 'everything' }, ['allowed_ips']],
  [{ allowed_ips: [7] }, ['allowed_ips']],
  [{ allowed_ips: ['10.77.0.50/24'] }, ['allowed_ips']],
  [{ allowed_ips: 'fd00::5/64' }, ['allowed_ips']],
  [{ preshared_key: 'short' }, ['preshared_key']],
  [{ persistent_keepalive: 65_536 }, ['persistent_keepalive']],
  [{ colour: 'blue' }, ['colour']],
  [{ publicKey: 'x' }, ['publicKey']],
  [{ bandwidthLimit: 5 }, ['bandwidthLimit']],
  [{ constructor: 1, toString: 2 }, ['constructor', 'toString']],
  [
    { mail: 'x', bandwidth_limit: -1, expiry_date: 'never' },
    ['mail', 'bandwidth_limit', 'expiry_date'],
  ],
  [{ colour: 'blue', mail: 'x' }, ['colour', 'mail']],
];

const BAD_KEYS: readonly unknown[] = [
  undefined,
  null,
  '',
  'newpubkey123456...',
  123,
  'A'.repeat(43),
  `${'A'.repeat(43)}==`,
  `${'A'.repeat(44)}=`,
  // The last base64 character of 32 bytes has two bits that must be zero.
  `${'A'.repeat(42)}B=`,
  `${'A'.repeat(41)}-_=`,
  ` ${newPublicKey()}`,
  `${newPublicKey()}\n`,
];

/** Nothing that these tests send changes it. */
const fleet = shared(() => startFleet());

describe('a body that is not valid', () => {
  it('is rejected by an update with every invalid field named, without any change', async () => {
    const app = fleet();
    const before = await stateOf(app);
    for (const [body, fields] of REFUSED) {
      const text = JSON.stringify(body);
      const { status, body: answer, headers } = await app.post('/api/users/1/update', body);
      expect.soft(status, text).toBe(400);
      expect.soft(answer, text).toMatchObject({ status: 'error', code: 'INVALID_ARGUMENT' });
      for (const field of fields) expect.soft(answer?.message, text).toContain(`${field}：`);
      expect.soft(headers.get('access-control-allow-origin')).toBe('*');
      expect.soft(headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('is rejected by a creation in the same way, and creates no user', async () => {
    const app = fleet();
    const before = await stateOf(app);
    for (const [body, fields] of REFUSED) {
      const text = JSON.stringify(body);
      const answer = await app.post('/api/users/create', { peer_pubkey: newPublicKey(), ...body });
      expect.soft(answer.status, text).toBe(400);
      for (const field of fields) expect.soft(answer.body?.message, text).toContain(`${field}：`);
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('is rejected with a message that explains what a public key is', async () => {
    const app = fleet();
    const before = await stateOf(app);
    for (const key of BAD_KEYS) {
      for (const path of ['/api/users/create', '/api/users']) {
        const { status, body } = await app.post(path, { peer_pubkey: key, nickname: 'x' });
        expect(status, String(key)).toBe(400);
        expect(body).toStrictEqual({
          status: 'error',
          message: 'peer_pubkey：必须是 WireGuard 公钥：32 字节的 base64，共 44 个字符',
          code: 'INVALID_ARGUMENT',
        });
      }
    }
    const english = await app.post('/api/users/create', {}, { 'accept-language': 'en' });
    expect(english.body.message).toBe(
      'peer_pubkey: must be a WireGuard public key: base64 of 32 bytes, 44 characters',
    );
    expect(await stateOf(app)).toEqual(before);
  });

  it('is rejected if it is not a JSON object', async () => {
    const app = fleet();
    const before = await stateOf(app);
    const headers = { 'content-type': 'application/json' };
    for (const body of [
      '{',
      '{"nickname":"x"',
      'nickname=x',
      '[]',
      '[{"nickname":"x"}]',
      '"x"',
      '7',
      'null',
      '{"a":1}}',
    ]) {
      for (const path of ['/api/users/1/update', '/api/users/create', '/api/users/1/disable']) {
        const answer = await app.rest(path, { method: 'POST', headers, body });
        expect(answer.status, `${path} ${body}`).toBe(400);
        expect(answer.body).toMatchObject({ status: 'error', code: 'INVALID_ARGUMENT' });
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      }
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('is rejected if a field has the name of a prototype property', async () => {
    const app = fleet();
    const headers = { 'content-type': 'application/json' };
    const body = '{"__proto__":{"enabled":0},"nickname":"x"}';
    const answer = await app.rest('/api/users/1/update', { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain('__proto__：');
    expect((await app.rest('/api/users')).body[0]).toMatchObject({
      enabled: 1,
      nickname: 'User_1',
    });
  });
});

describe('a parameter that is not valid', () => {
  it('is rejected by every list, and the message names it', async () => {
    const app = fleet();
    for (const path of [
      '/api/users',
      '/api/users/management',
      '/api/events',
      '/api/events/history',
    ]) {
      for (const [query, field] of [
        ['page=0', 'page'],
        ['page=-1', 'page'],
        ['page=one', 'page'],
        ['page=1.5', 'page'],
        ['page=1&page=2', 'page'],
        ['per_page=0', 'per_page'],
        ['per_page=1001', 'per_page'],
        ['page=99999999999', 'page'],
      ] as const) {
        const { status, body } = await app.rest(`${path}?${query}`);
        expect(status, `${path}?${query}`).toBe(400);
        expect(body.code).toBe('INVALID_ARGUMENT');
        expect(body.message).toMatch(new RegExp(`\\b${field}：`));
      }
    }
    const { status, body } = await app.rest('/api/users/management?status=sleeping');
    expect(status).toBe(400);
    expect(body.message).toBe('status：必须是 all、online、offline、enabled、disabled 之一');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPermitted, kindOfAddress } from '../../src/domain/webhook/addresses.ts';
import { resolveTarget, TargetError } from '../../src/webhooks/target.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { expectError } from '../graphql/support.ts';
import {
  createUser,
  createWebhook,
  readDeliveries,
  startReceiver,
  startSending,
} from './support.ts';

const LOCAL = [
  ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '0.1.2.3', '169.254.169.254', '255.255.255.255'],
  ...['224.0.0.1', '240.0.0.1', '192.0.2.1', '198.18.0.1', '::', '::1', 'fe80::1', 'fe80::1%eth0'],
  ...['ff02::1', 'fec0::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '2001::1'],
  ...['64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '2002:7f00:1::', '100::1', '2001:db8::1'],
  ...['64:ff9b:1:a9fe:a9:fe00:808:808', '64:ff9b:1::808:808', '64:ff9b:1:ffff::1', '64:ff9b:2::1'],
  ...['localhost', ''],
];
/** Where clouds answer with credentials, also in other notations. */
const METADATA = [
  ...['169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ...['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:a9fe:a9fe::1', 'fd00:42::42'],
  ...['fd00:c1::a9fe:a9fe', '::ffff:100.100.100.200'],
  ...['64:ff9b::100.100.100.200', '2002:a83f:8110::'],
];
const PRIVATE = [
  ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fc00::1'],
  ...['100.100.100.201', 'fd20:ce::253'],
  ...['fd12::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:c0a8:101::'],
];
const PUBLIC = [
  ...['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1', '::ffff:8.8.8.8', '64:ff9b::808:808'],
];

describe('an address', () => {
  it.each([
    ...[...LOCAL, ...METADATA].map((address) => ['local', address]),
    ...PRIVATE.map((address) => ['private', address]),
    ...PUBLIC.map((address) => ['public', address]),
  ])('is %s: %s', (kind, address) => {
    expect(kindOfAddress(address)).toBe(kind);
  });

  it('has the same kind in all notations of IPv6', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), ([a, b, c, d]) => {
        const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
        const plain = kindOfAddress(`${a}.${b}.${c}.${d}`);
        const inner = `${hex(a, b)}:${hex(c, d)}`;
        for (const mapped of [`::ffff:${inner}`, `64:ff9b::${inner}`, `2002:${inner}::`]) {
          expect(kindOfAddress(mapped), mapped).toBe(plain);
        }
      }),
    );
  });

  it.each([
    ['off', [true, false, false]],
    ['private', [true, true, false]],
    ['all', [true, true, true]],
  ] as const)('is permitted by its kind with the setting %s', (allowed, expected) => {
    const kinds = ['public', 'private', 'local'] as const;
    expect(kinds.map((kind) => isPermitted(kind, allowed))).toEqual(expected);
  });
});

describe('a host name', () => {
  const resolving = (...addresses: string[]) =>
    resolveTarget('https://hook.example/', 'private', async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

  it('may have several addresses, of which one that answers is used', async () => {
    expect((await resolving('8.8.8.8', '10.0.0.1')).addresses).toHaveLength(2);
    const receiver = await startReceiver();
    const app = await startSending({
      webhooks: {
        resolve: async () => [
          { address: '::1', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ],
      },
    });
    const url = receiver.url.replace('127.0.0.1', 'hook.invalid');
    const { id } = await createWebhook(app, { url });
    const test = 'mutation ($id: ID!) { testWebhook(id: $id) { delivery { ok } } }';
    expect((await app.graphql(test, { id })).data.testWebhook.delivery.ok).toBe(true);
  });

  it('is refused if any of its addresses is', async () => {
    await expect(resolving('8.8.8.8', '127.0.0.1')).rejects.toThrow(TargetError);
    await expect(resolving()).rejects.toThrow('cannot be resolved');
  });

  it('is not looked up again for the connection', async () => {
    const receiver = await startReceiver();
    let lookUps = 0;
    const app = await startSending({
      prepare: (wireguard) => void wireguard.interface(),
      webhooks: {
        resolve: async () => {
          lookUps++;
          return [{ address: '127.0.0.1', family: 4 }];
        },
      },
    });
    // The name exists nowhere, so a second look-up would fail.
    const url = receiver.url.replace('127.0.0.1', 'hook.invalid');
    const { id } = await createWebhook(app, { url });
    const test = 'mutation ($id: ID!) { testWebhook(id: $id) { delivery { ok } } }';
    const { data } = await app.graphql(test, { id });
    expect(data.testWebhook.delivery.ok).toBe(true);
    expect(receiver.received[0]?.headers.host).toContain('hook.invalid:');
    expect(lookUps).toBe(2);
  });
});

const CREATE =
  'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }';

describe('the URL of a receiver', () => {
  it.each([
    ['not a url', 'must be a URL'],
    ['ftp://192.168.1.1/', 'must be a URL'],
    ['file:///etc/passwd', 'must be a URL'],
    [`https://192.168.1.1/${'x'.repeat(2_048)}`, 'must be a URL'],
    ['https://me:pass@192.168.1.1/', 'must not contain a user name'],
    ['http://8.8.8.8/', 'must begin with https'],
    ['http://127.0.0.1/', 'does not permit'],
    ['http://2130706433/', 'does not permit'],
    ['http://0x7f.1/', 'does not permit'],
    ['http://localhost/', 'does not permit'],
    ['https://[::1]/', 'does not permit'],
    ['https://[::ffff:127.0.0.1]/', 'does not permit'],
    ['http://169.254.169.254/latest/meta-data', 'does not permit'],
    ['http://100.100.100.200/latest/meta-data', 'does not permit'],
    ['http://[fd00:ec2::254]/latest/meta-data', 'does not permit'],
  ])('is refused: %s', async (url, why) => {
    const app = await startTestApp();
    const answer = await app.graphql(CREATE, { input: { url } });
    expect(expectError(answer, 'INVALID_ARGUMENT', ['url']).message).toContain(why);
  });

  it.each(['http://192.168.1.1/', 'https://8.8.8.8/', 'https://nowhere.invalid/x?y=z'])(
    'is accepted: %s',
    async (url) => {
      const app = await startTestApp();
      expect((await app.graphql(CREATE, { input: { url } })).errors).toBeUndefined();
    },
  );

  it.each(['on', 'all'])('on this machine is accepted with the setting %s', async (setting) => {
    const app = await startTestApp({ env: { WGQL_WEBHOOK_ALLOW_PRIVATE: setting } });
    for (const url of ['http://127.0.0.1:9/', 'http://[::1]:9/', 'http://localhost:9/']) {
      expect((await app.graphql(CREATE, { input: { url } })).errors, url).toBeUndefined();
    }
  });

  it('in a private network is refused with the setting off', async () => {
    const app = await startTestApp({ env: { WGQL_WEBHOOK_ALLOW_PRIVATE: 'off' } });
    for (const url of ['https://192.168.1.1/', 'https://[fd12::1]/']) {
      expectError(await app.graphql(CREATE, { input: { url } }), 'INVALID_ARGUMENT', ['url']);
    }
  });

  it('is checked again before each message', async () => {
    const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url, types: ['USER_CREATED'] });
    await app.restart({ WGQL_WEBHOOK_ALLOW_PRIVATE: 'private' });
    await createUser(app, 'a');
    await app.eventually('a record', async () => (await readDeliveries(app, id)).length > 0);
    const [delivery] = await readDeliveries(app, id);
    expect(delivery).toMatchObject({ ok: false, statusCode: null });
    expect(delivery.error).toContain('WGQL_WEBHOOK_ALLOW_PRIVATE does not permit');
    expect(receiver.received).toEqual([]);
  });
});

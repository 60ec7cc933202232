import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { startFleet, stateOf } from '../rest/support.ts';
import { expectError } from './support.ts';

const UPDATE = `mutation ($id: ID!, $input: UpdateUserInput!) {
  updateUser(id: $id, input: $input) { user {
    id nickname mail phone note interface allowedIps persistentKeepalive enabled managed
    bandwidthLimit dataLimit expiresAt quota { period } updatedAt } } }`;
const CREATE = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id nickname managed totalRx } } }`;

const update = (app: TestApp, input: Record<string, unknown>, id: string | number = 1) =>
  app.graphql(UPDATE, { id, input });

describe('createUser', () => {
  it('creates a user from every field of its input', async () => {
    const app = await startTestApp();
    const key = newPublicKey();
    const input = {
      publicKey: key,
      nickname: 'n',
      mail: 'm@example.com',
      phone: 'p',
      note: 'o',
      interface: 'wg3',
      allowedIps: ['10.0.0.0/24'],
      presharedKey: newPublicKey(),
      persistentKeepalive: 0,
      enabled: false,
      bandwidthLimit: 8,
      dataLimit: 9,
      expiresAt: '2030-01-01T00:00:00.500+01:00',
      quotaPeriod: 'WEEK',
    };
    const created = await app.graphql(CREATE, { input });
    expect(created.data.createUser.user).toMatchObject({ id: '1', nickname: 'n', managed: true });
    const { data } = await app.graphql(`{ user(publicKey: "${key}") {
      mail phone note interface allowedIps persistentKeepalive enabled bandwidthLimit dataLimit
      expiresAt quota { limit used left period resetsAt } } }`);
    expect(data.user).toEqual({
      mail: 'm@example.com',
      phone: 'p',
      note: 'o',
      interface: 'wg3',
      allowedIps: ['10.0.0.0/24'],
      persistentKeepalive: null,
      enabled: false,
      bandwidthLimit: 8,
      dataLimit: 9,
      expiresAt: '2029-12-31T23:00:00.000Z',
      quota: {
        limit: '9437184',
        used: '0',
        left: '9437184',
        period: 'WEEK',
        // Thursday the 15th: the quota resets on Monday.
        resetsAt: '2026-01-19T00:00:00.000Z',
      },
    });
  });

  it('adopts a discovered user and returns CONFLICT the second time', async () => {
    const app = await startFleet();
    app.online.rxBytes += 5n;
    await app.polled();
    const input = { publicKey: app.online.publicKey, nickname: null };
    const taken = await app.graphql(CREATE, { input });
    expect(taken.data.createUser.user).toMatchObject({ id: '1', managed: true, totalRx: '5' });
    const before = await stateOf(app);
    expectError(await app.graphql(CREATE, { input }), 'CONFLICT');
    expect(await stateOf(app)).toEqual(before);
  });

  it('names every invalid field as it was sent', async () => {
    const app = await startTestApp();
    const input = {
      publicKey: 'x',
      mail: 'y',
      bandwidthLimit: -1,
      allowedIps: ['10.0.0.1', 'z'],
      presharedKey: 'w',
    };
    const answer = await app.graphql(CREATE, { input });
    const error = expectError(answer, 'INVALID_ARGUMENT', [
      'mail',
      'allowedIps',
      'presharedKey',
      'bandwidthLimit',
      'publicKey',
    ]);
    for (const field of Object.keys(input)) expect(error.message).toContain(`${field}: must be`);
    expect(answer.data).toBeNull();
    const chinese = await app.graphql(
      CREATE,
      { input: { publicKey: 'x' } },
      { 'accept-language': 'zh-CN' },
    );
    expect(chinese.errors?.[0]?.message).toBe(
      'publicKey：必须是 WireGuard 公钥：32 字节的 base64，共 44 个字符',
    );
  });
});

describe('updateUser', () => {
  it('changes given fields, clears null fields and keeps the rest', async () => {
    const app = await startFleet();
    const given = {
      nickname: 'n',
      mail: 'm@x',
      note: 'o',
      interface: 'wg1',
      allowedIps: ['10.0.0.1/32'],
      persistentKeepalive: 20,
      bandwidthLimit: 1,
      dataLimit: 2,
      expiresAt: '2030-01-01T00:00:00Z',
      quotaPeriod: 'DAY',
      managed: true,
    };
    expect((await update(app, given)).data.updateUser.user).toMatchObject({
      phone: '',
      managed: true,
      quota: { period: 'DAY' },
    });
    const cleared = Object.fromEntries(
      Object.keys(given)
        .filter((name) => name !== 'managed')
        .map((name) => [name, null]),
    );
    const { data, errors } = await update(app, cleared);
    expect(errors).toBeUndefined();
    expect(data.updateUser.user).toMatchObject({
      nickname: '',
      mail: '',
      note: '',
      interface: 'wg0',
      allowedIps: null,
      persistentKeepalive: null,
      bandwidthLimit: 0,
      dataLimit: 0,
      expiresAt: null,
      quota: { period: 'NONE' },
      managed: true,
    });
    const released = await update(app, { managed: false });
    expect(released.data.updateUser.user.managed).toBe(false);
  });

  it('treats a value equal to the stored one as absent', async () => {
    const app = await startFleet();
    const secret = newPublicKey();
    const input = {
      nickname: 'n',
      presharedKey: secret,
      allowedIps: ['10.0.0.9'],
      expiresAt: '2030-01-01T00:00:00Z',
      enabled: true,
    };
    await update(app, { ...input, managed: true });
    app.clock.advance(5_000);
    const before = await stateOf(app);
    expect(
      (await update(app, { ...input, expiresAt: '2030-01-01T08:00:00.999+08:00' })).errors,
    ).toBeUndefined();
    expect((await update(app, {})).errors).toBeUndefined();
    expect(await stateOf(app)).toEqual(before);
  });

  it('rejects null for a field that cannot be cleared, and answers NOT_FOUND for an unknown user', async () => {
    const app = await startFleet();
    const before = await stateOf(app);
    expectError(await update(app, { enabled: null }), 'INVALID_ARGUMENT', ['enabled']);
    expectError(await update(app, { managed: null }), 'INVALID_ARGUMENT', ['managed']);
    expectError(
      await update(app, { nickname: 'a\tb', phone: 'x'.repeat(257) }),
      'INVALID_ARGUMENT',
      ['nickname', 'phone'],
    );
    expectError(await update(app, { nickname: 'x' }, 99), 'NOT_FOUND');
    expectError(await update(app, { nickname: 'x' }, 'abc'), 'INVALID_ARGUMENT', ['id']);
    expectError(await update(app, { publicKey: 'x' }), 'INVALID_ARGUMENT');
    expectError(await update(app, { bandwidthLimit: 2 ** 31 }), 'INVALID_ARGUMENT');
    expectError(await update(app, { expiresAt: '2030-01-01' }), 'INVALID_ARGUMENT');
    expect(await stateOf(app)).toEqual(before);
  });

  it('rejects an expiry outside the years that a time can be formatted in', async () => {
    const app = await startFleet({ env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    for (const expiresAt of [
      '+275760-09-13T00:00:00Z',
      '+010000-01-02T00:00:00Z',
      '-000001-01-01T00:00:00Z',
    ]) {
      const answer = await update(app, { expiresAt });
      expect.soft(answer.errors?.[0]?.extensions.code, expiresAt).toBe('INVALID_ARGUMENT');
      expect.soft((await app.rest('/api/users')).status, expiresAt).toBe(200);
    }
  });
});

describe('the other mutations', () => {
  it('enable and disable a user and reset traffic', async () => {
    const app = await startFleet();
    app.online.rxBytes += 7n;
    await app.polled();
    const { data } = await app.graphql(`mutation {
      off: setUserEnabled(id: 1, enabled: false) { user { enabled enforcement { desired reason } } }
      on: setUserEnabled(id: 1, enabled: true) { user { enabled enforcement { desired reason } } }
      reset: resetTraffic(id: 1) { user { totalRx quota { used } usage { total { rx } today { rx } } } }
    }`);
    expect(data).toEqual({
      off: {
        user: {
          enabled: false,
          enforcement: { desired: 'ABSENT', reason: 'DISABLED' },
        },
      },
      on: {
        user: {
          enabled: true,
          enforcement: { desired: 'PRESENT', reason: null },
        },
      },
      reset: {
        user: {
          totalRx: '0',
          quota: { used: '0' },
          usage: { total: { rx: '0' }, today: { rx: '7' } },
        },
      },
    });
    expectError(
      await app.graphql('mutation { setUserEnabled(id: 9, enabled: true) { user { id } } }'),
      'NOT_FOUND',
    );
    expectError(await app.graphql('mutation { resetTraffic(id: 9) { user { id } } }'), 'NOT_FOUND');
  });

  it('kick and delete users, and return NOT_FOUND for an unknown user', async () => {
    const app = await startFleet();
    const kicked = await app.graphql('mutation { kickUser(id: 1) { user { isOnline } } }');
    expect(kicked.data).toEqual({ kickUser: { user: { isOnline: false } } });
    const deleted = await app.graphql('mutation { deleteUser(id: 2) { deletedId } }');
    expect(deleted.data).toEqual({ deleteUser: { deletedId: '2' } });
    const { data } = await app.graphql('{ user(id: 2) { id } dashboard { totalUsers } }');
    expect(data).toEqual({ user: null, dashboard: { totalUsers: 1 } });
    for (const call of ['kickUser(id: 9) { user { id } }', 'deleteUser(id: 2) { deletedId }']) {
      expectError(await app.graphql(`mutation { ${call} }`), 'NOT_FOUND');
    }
  });

  it('that change WireGuard return UNAVAILABLE under WGQL_MANAGE=off', async () => {
    const app = await startFleet({ env: { WGQL_MANAGE: 'off' } });
    const before = await stateOf(app);
    expectError(await update(app, { dataLimit: 5 }), 'UNAVAILABLE');
    expectError(await update(app, { quotaPeriod: 'DAY' }), 'UNAVAILABLE');
    expectError(await app.graphql(CREATE, { input: { publicKey: newPublicKey() } }), 'UNAVAILABLE');
    expect(await stateOf(app)).toEqual(before);
    expect((await update(app, { note: 'fine', managed: true })).errors).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

const startWithServer = async (networks = ['10.8.0.1/24']): Promise<TestApp> => {
  const app = await startTestApp({
    prepare: (wireguard) => {
      wireguard.networks = networks;
      wireguard.interface().publicKey = newPublicKey();
    },
  });
  await app.polled();
  return app;
};

const provision = (app: TestApp, input: Record<string, unknown> = {}) =>
  app.graphql(
    `mutation ($input: ProvisionUserInput!) {
       provisionUser(input: $input) { configuration qrSvg user { id allowedIps } } }`,
    { input: { endpoint: 'vpn.example', ...input } },
  );

const userCount = async (app: TestApp) => (await app.rest('/api/users')).body.length;

describe('provisioning', () => {
  it.each([
    ['the public address of the machine', null, '198.51.100.7', {}, '198.51.100.7:51820'],
    ['an IPv6 address in brackets', null, '2001:db8::7', {}, '[2001:db8::7]:51820'],
    ['what is given', 'vpn.example:443', '198.51.100.7', {}, 'vpn.example:443'],
    ['the setting', null, '198.51.100.7', { WGQL_ENDPOINT: 'vpn.example:1' }, 'vpn.example:1'],
    [
      "the interface's own setting",
      null,
      null,
      { WGQL_ENDPOINT: 'other.example,wg0=vpn.example' },
      'vpn.example:51820',
    ],
  ])('uses %s as the endpoint', async (_, endpoint, publicAddress, env, expected) => {
    const app = await startWithServer();
    app.wireguard.publicAddress = publicAddress;
    if (Object.keys(env).length > 0) await app.restart(env);
    const { data } = await provision(app, { endpoint });
    expect(data.provisionUser.configuration).toContain(`\nEndpoint = ${expected}\n`);
  });

  it('uses no endpoint if the machine has no public address, and reports what to set', async () => {
    const app = await startWithServer();
    app.wireguard.publicAddress = null;
    const { errors } = await provision(app, { endpoint: null });
    expect(errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(errors?.[0]?.message).toMatch(/WGQL_ENDPOINT/);
    expect(await userCount(app)).toBe(0);
  });

  it.each(['https://vpn.example', '2001:db8::1', 'vpn.example:0', '127.0.0.1', 'a b'])(
    'rejects %s as an endpoint, and creates no user',
    async (endpoint) => {
      const app = await startWithServer();
      const { errors } = await provision(app, { endpoint });
      expect(errors?.[0]?.extensions.fields).toMatchObject([{ field: 'endpoint' }]);
      expect(await userCount(app)).toBe(0);
    },
  );

  it('assigns no address while the addresses of the machine are unknown', async () => {
    const app = await startWithServer();
    app.wireguard.networks = null;
    const { errors } = await provision(app);
    expect(errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(errors?.[0]?.message).toBe('Addresses unknown.');
    const created = await app.post('/api/users/create', { peer_pubkey: newPublicKey() });
    expect(created.status).toBe(503);
    expect(await userCount(app)).toBe(0);
  });

  it('creates no user if the interface has no free address', async () => {
    const app = await startWithServer([]);
    const { errors } = await provision(app);
    expect(errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(await userCount(app)).toBe(0);
  });

  it.each(['clientAllowedIps', 'allowedIps'])(
    'creates no user if there are too many %s for a QR code, and names them',
    async (field) => {
      const app = await startWithServer();
      const many = Array.from({ length: 128 }, (_, index) => {
        const group = (0xa000 + index).toString(16);
        return `fd00:${group}:${group}:${group}:${group}:${group}:${group}:${group}/128`;
      });
      const { errors } = await provision(app, { allowedIps: ['10.8.0.7/32'], [field]: many });
      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'INVALID_ARGUMENT',
        fields: [{ field }],
      });
      expect(await userCount(app)).toBe(0);
    },
  );

  it('configures the addresses of the client, not the networks behind it', async () => {
    const app = await startWithServer();
    const allowedIps = ['10.8.0.7/32', '192.168.50.0/24', 'fd00::7/128', 'fd00:1::/64'];
    const { data } = await provision(app, { allowedIps });
    const { configuration, user } = data.provisionUser;
    expect(configuration).toMatch(/^Address = 10\.8\.0\.7\/32, fd00::7\/128$/m);
    expect(user.allowedIps).toEqual(allowedIps);
  });

  it('creates no user whose client would have no address of its own', async () => {
    const app = await startWithServer();
    const { errors } = await provision(app, { allowedIps: ['192.168.50.0/24'] });
    expect(errors?.[0]?.extensions.fields?.[0]).toMatchObject({ field: 'allowedIps' });
    expect(await userCount(app)).toBe(0);
  });

  it('has its own action in the audit log', async () => {
    const app = await startWithServer();
    await provision(app, { nickname: 'dave' });
    const { data } = await app.graphql('{ auditLog(first: 10) { edges { node { action } } } }');
    expect(data.auditLog.edges.map(({ node }: { node: object }) => node)).toEqual([
      { action: 'provisionUser' },
    ]);
  });
});

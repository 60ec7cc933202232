import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp, type TestApp, type TestAppOptions } from '../fixtures/test-app.ts';

async function start(options: TestAppOptions = {}): Promise<TestApp> {
  const app = await startTestApp({
    ...options,
    prepare: (wireguard) => {
      wireguard.networks = ['10.8.0.1/24'];
      wireguard.publicAddress = '198.51.100.7';
      wireguard.interface().publicKey = newPublicKey();
    },
  });
  await app.polled();
  return app;
}

async function configurationOf(app: TestApp, input: Record<string, unknown> = {}): Promise<string> {
  const { data, errors } = await app.graphql(
    'mutation ($input: ProvisionUserInput!) { provisionUser(input: $input) { configuration } }',
    { input },
  );
  expect(errors).toBeUndefined();
  return data.provisionUser.configuration;
}

const UPDATE = `mutation ($input: UpdateInterfaceInput!) {
  updateInterface(name: "wg0", input: $input) {
    interface { name clientDefaults { endpoint dns allowedIps mtu keepalive } } } }`;

const SETTINGS = {
  WGQL_CLIENT_DNS: '10.8.0.1, fd00::1',
  WGQL_CLIENT_ALLOWED_IPS: '10.8.0.0/24',
  WGQL_CLIENT_MTU: '1380',
  WGQL_CLIENT_KEEPALIVE: '0',
};

describe('a client configuration', () => {
  it('has what the settings say', async () => {
    const plain = await configurationOf(await start());
    expect(plain).toContain('AllowedIPs = 0.0.0.0/0, ::/0\n');
    expect(plain).toContain('PersistentKeepalive = 25\n');
    expect(plain).not.toMatch(/^(?:DNS|MTU) =/m);
    const set = await configurationOf(await start({ env: SETTINGS }));
    expect(set).toContain('\nDNS = 10.8.0.1, fd00::1\nMTU = 1380\n');
    expect(set).toContain('\nAllowedIPs = 10.8.0.0/24\n');
    expect(set).not.toContain('PersistentKeepalive');
  });

  it('has what the interface says instead, and what the request says before both', async () => {
    const app = await start({ env: SETTINGS });
    const input = { endpoint: 'wg.example:443', dns: [], mtu: 1400, keepalive: 15 };
    const { data } = await app.graphql(UPDATE, { input });
    expect(data.updateInterface.interface.clientDefaults).toEqual({
      ...input,
      allowedIps: ['10.8.0.0/24'],
    });
    const ofInterface = await configurationOf(app);
    expect(ofInterface).toContain('\nMTU = 1400\n');
    expect(ofInterface).toContain('\nEndpoint = wg.example:443\n');
    expect(ofInterface).not.toContain('DNS');
    const ofRequest = await configurationOf(app, {
      dns: ['9.9.9.9'],
      mtu: 1300,
      endpoint: 'x.example',
    });
    expect(ofRequest).toMatch(/\nDNS = 9\.9\.9\.9\nMTU = 1300\n/);
    expect(ofRequest).toContain('\nEndpoint = x.example:51820\n');
    await app.restart(SETTINGS);
    await app.graphql(UPDATE, { input: { mtu: null } });
    expect(await configurationOf(app)).toContain('\nMTU = 1380\n');
    expect(await configurationOf(app)).toContain('\nPersistentKeepalive = 15\n');
  });

  it.each([
    [{ endpoint: 'https://vpn.example' }, 'endpoint'],
    [{ mtu: 100 }, 'mtu'],
    [{ keepalive: -1 }, 'keepalive'],
    [{ dns: ['nine'] }, 'dns'],
    [{ allowedIps: ['10.0.0.1/8'] }, 'allowedIps'],
  ])('keeps its defaults if the change is wrong: %j', async (input, field) => {
    const app = await start();
    const { errors } = await app.graphql(UPDATE, { input });
    expect(errors?.[0]?.extensions.fields).toMatchObject([{ field }]);
    expect(await configurationOf(app)).toContain('PersistentKeepalive = 25');
  });

  it('has no defaults of an interface that does not exist', async () => {
    const app = await start();
    const { errors } = await app.graphql(UPDATE.replace('wg0', 'wg9'), { input: { mtu: 1400 } });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

describe('a one-time link', () => {
  const LINK = `mutation ($minutes: Int) { provisionUser(input: { nickname: "Ada's <phone>" }) {
    link(minutes: $minutes) { path expiresAt } } }`;

  async function linkOf(app: TestApp, minutes?: number) {
    const { data } = await app.graphql(LINK, { minutes });
    return data.provisionUser.link as { readonly path: string };
  }

  const open = async (app: TestApp, path: string, method = 'GET', language = 'en') => {
    const response = await fetch(`${app.url}${path}`, {
      method,
      headers: { 'accept-language': language },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it('shows the configuration once, without a script and after a question', async () => {
    const app = await start();
    const link = await linkOf(app);
    for (let preview = 0; preview < 2; preview++) {
      const asked = await open(app, link.path);
      expect([asked.status, asked.text.includes('PrivateKey')]).toEqual([200, false]);
      expect(asked.text).toContain('<form method="post">');
    }
    const shown = await open(app, link.path, 'POST');
    expect(shown.status).toBe(200);
    const [, href = ''] =
      /download="Ada-s-phone\.conf" href="data:[^,]*,([^"]*)"/.exec(shown.text) ?? [];
    expect(decodeURIComponent(href)).toMatch(
      /^\[Interface\]\nPrivateKey = .{44}\nAddress = 10\.8\.0\.2\/32\n/,
    );
    expect(shown.text).toContain(`<pre>${decodeURIComponent(href)}</pre>`);
    expect(shown.text).toContain('<svg');
    expect(shown.text).not.toContain('<script');
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const method of ['GET', 'POST']) {
      const ended = await open(app, link.path, method, 'zh');
      expect([ended.status, ended.text.includes('PrivateKey')]).toEqual([410, false]);
      expect(ended.text).toContain('此链接已被使用或已过期');
    }
  });

  it('ends after its time, and needs no token until then', async () => {
    const token = 'a-token-for-tests-that-is-0123456789';
    const app = await start({ env: { WGQL_TOKEN: token } });
    const { data } = await app.graphql(LINK, { minutes: 5 }, { authorization: `Bearer ${token}` });
    const { path, expiresAt } = data.provisionUser.link;
    expect(new Date(expiresAt).getTime() - app.clock.wallMs()).toBe(5 * 60_000);
    expect((await open(app, path)).status).toBe(200);
    app.clock.advance(5 * 60_000);
    expect((await open(app, path)).status).toBe(410);
    expect((await open(app, path, 'POST')).status).toBe(410);
    expect((await open(app, '/c/none')).status).toBe(410);
  });
});

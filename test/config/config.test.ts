import { describe, expect, it } from 'vitest';
import { ConfigError, isLoopback, readConfig } from '../../src/config/config.ts';
import { systemTimeZone, systemZoneFiles } from '../../src/config/system-time-zone.ts';

const TOKEN = 'just-long-and-odd-enough-to-pass';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ en }) => en);
    throw error;
  }
  return [];
}

describe('the settings', () => {
  it('have defaults, and cannot be changed', () => {
    const config = readConfig({});
    expect(config).toEqual({
      host: '127.0.0.1',
      port: 8000,
      databaseUrl: 'file:./data/wgql.db',
      interfaces: [],
      pollIntervalMs: 2000,
      onlineWindowMs: 180_000,
      timeZone: systemTimeZone(undefined, systemZoneFiles),
      manage: true,
      token: null,
      auth: 'auto',
      allowedHosts: [],
      corsOrigins: [],
      trustedProxies: [],
      tls: null,
      maxSocketsPerAddress: 100,
      webhookAllowPrivate: 'private',
      keepDays: { quarterHours: 90, hours: 730, events: 365, sessions: 0 },
      secretKeyFile: 'data/wgql.key',
      trustedDocuments: null,
      language: null,
      logLevel: 'info',
      endpoints: new Map(),
      client: { dns: [], allowedIps: ['0.0.0.0/0', '::/0'], mtu: null, keepalive: 25 },
      metricsListen: null,
      metricsLabels: 'keys',
      tracesUrl: null,
      warnings: [],
      demo: false,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('treat blank values as absent', () => {
    expect(readConfig({ WGQL_PORT: '', WGQL_HOST: ' ', WGQL_INTERFACES: ' , ' })).toEqual(
      readConfig({}),
    );
  });

  it.each([
    [{ WGQL_HOST: '127.0.0.1:8000' }, /WGQL_HOST.*without a port/],
    [{ WGQL_HOST: 'http://vpn.example' }, /WGQL_HOST/],
    [{ WGQL_HOST: '*' }, /WGQL_HOST/],
    [{ WGQL_HOST: '1.2.3' }, /WGQL_HOST/],
    [{ WGQL_ALLOWED_HOSTS: 'https://vpn.example' }, /WGQL_ALLOWED_HOSTS.*without a scheme/],
    [{ WGQL_ALLOWED_HOSTS: 'vpn.example:8000' }, /WGQL_ALLOWED_HOSTS/],
    [{ WGQL_ALLOWED_HOSTS: '*.example' }, /WGQL_ALLOWED_HOSTS.*wildcard/],
    [{ WGQL_TIME_ZONE: '+08:00' }, /WGQL_TIME_ZONE.*IANA/],
    [{ WGQL_TIME_ZONE: 'Asia/Beijing' }, /WGQL_TIME_ZONE.*IANA/],
    [{ WGQL_PORT: '8e3' }, /WGQL_PORT/],
    [{ WGQL_PORT: '0x50' }, /WGQL_PORT/],
    [{ WGQL_POLL_INTERVAL_MS: '2s' }, /WGQL_POLL_INTERVAL_MS/],
    [{ WGQL_MANAGE: 'true' }, /WGQL_MANAGE.*on, off/],
    [{ WGQL_LOG_LEVEL: 'verbose' }, /WGQL_LOG_LEVEL/],
    [{ WGQL_METRICS_LABELS: 'all' }, /WGQL_METRICS_LABELS.*keys, full/],
    [{ WGQL_METRICS_LISTEN: '9586' }, /WGQL_METRICS_LISTEN.*127\.0\.0\.1:9586/],
    [{ WGQL_METRICS_LISTEN: ':9586' }, /WGQL_METRICS_LISTEN/],
    [{ WGQL_METRICS_LISTEN: '127.0.0.1:70000' }, /WGQL_METRICS_LISTEN/],
    [{ WGQL_METRICS_LISTEN: 'http://127.0.0.1:9586' }, /WGQL_METRICS_LISTEN/],
    [{ WGQL_ENDPOINT: 'https://vpn.example' }, /WGQL_ENDPOINT.*not a URL/],
    [{ WGQL_ENDPOINT: 'a b=vpn.example' }, /WGQL_ENDPOINT.*interface name/],
    [{ WGQL_ENDPOINT: 'vpn.example,other.example' }, /WGQL_ENDPOINT.*two endpoints/],
    [
      { WGQL_ENDPOINT: 'wg0=a.example,wg0=b.example' },
      /WGQL_ENDPOINT must not name an interface twice/,
    ],
  ])('are rejected if they are not valid: %o', (env, problem) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it('accept an endpoint for each interface, and one for the others', () => {
    const { endpoints } = readConfig({ WGQL_ENDPOINT: 'wg0=a.example:1, b.example' });
    expect([...endpoints]).toEqual([
      ['wg0', { host: 'a.example', port: 1 }],
      ['*', { host: 'b.example', port: null }],
    ]);
  });

  it('accept an address and a port for metrics', () => {
    const { metricsListen, metricsLabels } = readConfig({
      WGQL_METRICS_LISTEN: '[::1]:9586',
      WGQL_METRICS_LABELS: 'full',
    });
    expect(metricsListen).toEqual({ host: '::1', port: 9586 });
    expect(metricsLabels).toBe('full');
  });

  it('report unknown settings with the nearest known one, without possible secrets', () => {
    const secret = `WGQL_${'Ab3'.repeat(20)}`;
    const { warnings } = readConfig({ WGQL_PROT: '1', wgql_manage: 'off', [secret]: 'x' });
    const said = warnings.map(({ en }) => en);
    expect(said).toHaveLength(3);
    expect(said.join('\n')).toMatch(/WGQL_PROT is not a setting.*did you mean WGQL_PORT\?/);
    expect(said.join('\n')).toMatch(/wgql_manage is not a setting.*did you mean WGQL_MANAGE\?/);
    expect(said.join('\n')).not.toContain('Ab3');
  });

  it('warn if the zone of the system has no name, and use UTC', () => {
    const { timeZone, warnings } = readConfig({ TZ: 'CST-8' });
    expect(timeZone).toBe('UTC');
    expect(warnings.map(({ en }) => en).join()).toMatch(/set WGQL_TIME_ZONE/);
    expect(readConfig({ TZ: 'CST-8', WGQL_TIME_ZONE: 'UTC' }).warnings).toEqual([]);
    expect(readConfig({ TZ: ':Asia/Shanghai' }).timeZone).toBe('Asia/Shanghai');
  });

  it('are read from their variables', () => {
    const config = readConfig({
      WGQL_HOST: '0.0.0.0',
      WGQL_PORT: '0',
      WGQL_DATABASE_URL: 'file:/var/lib/wgql/a.db',
      WGQL_INTERFACES: ' wg0, wg1 ,',
      WGQL_POLL_INTERVAL_MS: '500',
      WGQL_ONLINE_WINDOW_S: '60',
      WGQL_TIME_ZONE: 'Asia/Shanghai',
      WGQL_MANAGE: 'off',
      WGQL_TOKEN: TOKEN,
      WGQL_ALLOWED_HOSTS: 'VPN.example.org',
      WGQL_CORS_ORIGINS: 'https://App.example, http://localhost:5173',
      WGQL_TRUSTED_PROXIES: '10.0.0.0/8,::1',
      WGQL_TLS_CERT: '/etc/wgql/cert.pem',
      WGQL_TLS_KEY: '/etc/wgql/key.pem',
      WGQL_KEEP_QUARTER_HOURS_DAYS: '0',
      WGQL_KEEP_SESSIONS_DAYS: '7',
      WGQL_LOG_LEVEL: 'silent',
    });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      databaseUrl: 'file:/var/lib/wgql/a.db',
      secretKeyFile: '/var/lib/wgql/wgql.key',
      interfaces: ['wg0', 'wg1'],
      pollIntervalMs: 500,
      onlineWindowMs: 60_000,
      timeZone: 'Asia/Shanghai',
      manage: false,
      token: TOKEN,
      allowedHosts: ['vpn.example.org'],
      corsOrigins: ['https://app.example', 'http://localhost:5173'],
      trustedProxies: ['10.0.0.0/8', '::1'],
      tls: { certFile: '/etc/wgql/cert.pem', keyFile: '/etc/wgql/key.pem' },
      keepDays: { quarterHours: 0, sessions: 7 },
      logLevel: 'silent',
    });
  });

  it('of a demo are separate from the real ones', () => {
    const { databaseUrl, demo } = readConfig({}, { demo: true });
    expect(databaseUrl).not.toBe(readConfig({}).databaseUrl);
    expect(demo).toBe(true);
  });
});

describe('settings with mistakes', () => {
  it('are rejected with all of them together, each named, in both languages', () => {
    const env = {
      WGQL_PORT: 'http',
      WGQL_DATABASE_URL: 'mysql://db',
      WGQL_INTERFACES: 'wg0,a name that is too long',
      WGQL_POLL_INTERVAL_MS: '1',
      WGQL_ONLINE_WINDOW_S: '-3',
      WGQL_TIME_ZONE: 'Asia/Atlantis',
      WGQL_MANAGE: 'maybe',
      WGQL_TOKEN: 'short',
      WGQL_AUTH: 'no',
      WGQL_KEEP_EVENTS_DAYS: '1.5',
      WGQL_LOG_LEVEL: 'loud',
    };
    const problems = problemsOf(env);
    expect(problems).toHaveLength(Object.keys(env).length);
    for (const name of Object.keys(env)) {
      expect(problems.filter((problem) => problem.startsWith(`${name} `))).toHaveLength(1);
    }
    expect(problems.join()).not.toContain('short"');
    expect(() => readConfig(env)).toThrow(
      expect.objectContaining({
        problems: problems.map((en) => ({ en, zh: expect.stringMatching(/[\u4e00-\u9fff]/) })),
      }),
    );
  });

  it.each([
    ['WGQL_PORT', '65536'],
    ['WGQL_PORT', '0x50'],
    ['WGQL_PORT', '-1'],
    ['WGQL_PORT', '8000 8001'],
    ['WGQL_POLL_INTERVAL_MS', '99'],
    ['WGQL_POLL_INTERVAL_MS', '1e3'],
    ['WGQL_ONLINE_WINDOW_S', '0'],
    ['WGQL_DATABASE_URL', 'file:'],
    ['WGQL_DATABASE_URL', './wgql.db'],
    ['WGQL_DATABASE_URL', 'file:./wgql.db?connection_limit=1'],
    ['WGQL_DATABASE_URL', 'file:./wgql.db#main'],
    ['WGQL_DATABASE_URL', 'file:./my%20data/wgql.db'],
    ['WGQL_DATABASE_URL', 'file://server/wgql.db'],
    ['WGQL_DATABASE_URL', 'file:~/wgql.db'],
    ['WGQL_DATABASE_URL', 'file: wgql.db'],
    ['WGQL_DATABASE_URL', 'file::memory:'],
    ['WGQL_DATABASE_URL', 'file:./data/'],
    ['WGQL_INTERFACES', 'wg/0'],
    ['WGQL_MANAGE', 'ON'],
    ['WGQL_CORS_ORIGINS', '*'],
    ['WGQL_CORS_ORIGINS', 'null'],
    ['WGQL_CORS_ORIGINS', 'app.example'],
    ['WGQL_CORS_ORIGINS', 'https://app.example/'],
    ['WGQL_CORS_ORIGINS', 'https://app.example/path'],
    ['WGQL_CORS_ORIGINS', 'https://me@app.example'],
    ['WGQL_CORS_ORIGINS', 'ftp://app.example'],
    ['WGQL_TRUSTED_PROXIES', 'proxy.example'],
    ['WGQL_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['WGQL_TRUSTED_PROXIES', '10.0.0.0/'],
    ['WGQL_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['WGQL_TRUSTED_PROXIES', '10.0.0.7/8'],
    ['WGQL_TRUSTED_PROXIES', 'fd00::1/64'],
    ['WGQL_TOKEN', 't'.repeat(31)],
    ['WGQL_TOKEN', 't'.repeat(64)],
    ['WGQL_TOKEN', 'a token of many words, with spaces in it'],
  ])('are rejected: %s=%s', (name, value) => {
    const [problem, ...more] = problemsOf({ [name]: value });
    expect(problem).toMatch(new RegExp(`^${name} `));
    expect(more).toEqual([]);
  });

  it('are rejected for one TLS file without the other, naming the missing one', () => {
    expect(problemsOf({ WGQL_TLS_CERT: 'cert.pem' })).toEqual([
      expect.stringMatching(/^WGQL_TLS_KEY /),
    ]);
    expect(problemsOf({ WGQL_TLS_KEY: 'key.pem' })).toEqual([
      expect.stringMatching(/^WGQL_TLS_CERT /),
    ]);
  });

  it('never repeat the token', () => {
    expect(problemsOf({ WGQL_TOKEN: 'hunter2' }).join()).not.toContain('hunter2');
  });
});

describe('an address that other machines can reach', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', '::ffff:127.0.0.1', '127.0.0.1.example.org', ''])(
    'is %j',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

import { isIPv6 } from 'node:net';
import { dirname, join } from 'node:path';
import { type Endpoint, isHost } from '../domain/endpoint.ts';
import type { Text } from '../domain/errors.ts';
import { isTimeZone } from '../domain/time/calendar.ts';
import { isInterfaceName } from '../domain/wireguard/interface-name.ts';
import { hostBitsProblem, parseRange } from '../domain/wireguard/prefix.ts';
import { databaseUrlProblem } from './database-url.ts';
import { endpointsOf } from './endpoint-setting.ts';
import { isOrigin } from './origin.ts';
import { readSettings } from './settings.ts';
import { systemTimeZone, systemZoneFiles } from './system-time-zone.ts';

/** All settings, validated and frozen. The README lists their environment variables. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** `file:` followed by a path. */
  readonly databaseUrl: string;
  /** Empty means all WireGuard interfaces of the machine. */
  readonly interfaces: readonly string[];
  readonly pollIntervalMs: number;
  readonly onlineWindowMs: number;
  readonly timeZone: string;
  /** false means that nothing is ever written to WireGuard or nftables. */
  readonly manage: boolean;
  /** null if unset. */
  readonly token: string | null;
  readonly auth: 'auto' | 'none';
  readonly allowedHosts: readonly string[];
  /** Origins whose web pages have the same access as pages of this server. */
  readonly corsOrigins: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  /** The PEM files of the certificate chain and its key; null means plain HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** The number of WebSockets and event streams that one address may have open. */
  readonly maxSocketsPerAddress: number;
  readonly keepDays: {
    readonly quarterHours: number;
    readonly hours: number;
    readonly events: number;
    readonly sessions: number;
  };
  /** The file with the key that encrypts preshared keys; created at the first start. */
  readonly secretKeyFile: string;
  readonly logLevel: string;
  /** The endpoint for clients, by interface; `ANY_INTERFACE` applies to all other interfaces. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** Problems of the settings that do not prevent the start. */
  readonly warnings: readonly Text[];
  /** Uses simulated interfaces instead of the machine's WireGuard. */
  readonly demo: boolean;
}

/** All problems of the settings. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly Text[]) {
    super(problems.map((problem) => problem.en).join('\n'));
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const MIN_TOKEN_LENGTH = 32;
const MIN_TOKEN_VARIETY = 8;

/** Reads the settings from environment variables. Throws a `ConfigError` with every problem. */
export function readConfig(env: NodeJS.ProcessEnv, options: { demo?: boolean } = {}): Config {
  const settings = readSettings(env);
  const { text, list, integer, choice, problem, problems, shown } = settings;
  const warnings: Text[] = [];

  const demo = options.demo ?? false;
  const databaseUrl = text(
    'WGQL_DATABASE_URL',
    demo ? 'file:./data/demo/wgql.db' : 'file:./data/wgql.db',
  );
  const urlProblem = databaseUrlProblem(databaseUrl);
  if (urlProblem !== null) problem('WGQL_DATABASE_URL', urlProblem.en, urlProblem.zh);
  const interfaces = [...new Set(list('WGQL_INTERFACES'))];
  for (const name of interfaces.filter((candidate) => !isInterfaceName(candidate))) {
    problem(
      'WGQL_INTERFACES',
      `contains ${shown('WGQL_INTERFACES', name)}, which is not a valid interface name`,
      `中的 ${shown('WGQL_INTERFACES', name)} 不是有效的接口名`,
    );
  }
  const system = systemTimeZone(env.TZ, systemZoneFiles);
  const timeZone = text('WGQL_TIME_ZONE', system ?? 'UTC');
  if (timeZone === 'UTC' && system === null && !env.WGQL_TIME_ZONE?.trim()) {
    warnings.push(NO_SYSTEM_ZONE);
  }
  // Some versions of Node.js accept offsets such as +08:00, which are not IANA zones.
  if (!/^[A-Za-z]/.test(timeZone) || !isTimeZone(timeZone)) {
    problem(
      'WGQL_TIME_ZONE',
      `must be an IANA time zone such as Asia/Shanghai, but is ${shown('WGQL_TIME_ZONE', timeZone)}`,
      `必须是 IANA 时区，例如 Asia/Shanghai，现在是 ${shown('WGQL_TIME_ZONE', timeZone)}`,
    );
  }
  const token = env.WGQL_TOKEN || null;
  if (token !== null && !isToken(token)) {
    problem(
      'WGQL_TOKEN',
      `must be random and have at least ${MIN_TOKEN_LENGTH} characters without spaces; generate one with "openssl rand -hex 32"`,
      `必须是随机的，至少 ${MIN_TOKEN_LENGTH} 个字符且不含空格；可用 "openssl rand -hex 32" 生成`,
    );
  }
  const host = text('WGQL_HOST', '127.0.0.1');
  if (!isHost(isIPv6(host) ? `[${host}]` : host)) {
    problem(
      'WGQL_HOST',
      `must be an address or host name to listen on, without a port, but is ${shown('WGQL_HOST', host)}`,
      `必须是要监听的地址或主机名，不带端口，现在是 ${shown('WGQL_HOST', host)}`,
    );
  }
  const auth = choice('WGQL_AUTH', 'auto', ['auto', 'none']);

  const corsOrigins = list('WGQL_CORS_ORIGINS');
  for (const origin of corsOrigins.filter((candidate) => !isOrigin(candidate))) {
    problem(
      'WGQL_CORS_ORIGINS',
      `must contain only origins such as https://app.example, without a path, but contains ${shown('WGQL_CORS_ORIGINS', origin)}`,
      `只能包含来源，例如 https://app.example，不带路径，现在含有 ${shown('WGQL_CORS_ORIGINS', origin)}`,
    );
  }
  const trustedProxies = list('WGQL_TRUSTED_PROXIES');
  for (const network of trustedProxies.filter((candidate) => parseRange(candidate) === null)) {
    problem(
      'WGQL_TRUSTED_PROXIES',
      `must contain only addresses or networks such as 10.0.0.0/8, but contains ${shown('WGQL_TRUSTED_PROXIES', network)}`,
      `只能包含地址或网段，例如 10.0.0.0/8，现在含有 ${shown('WGQL_TRUSTED_PROXIES', network)}`,
    );
  }
  for (const text of trustedProxies.flatMap((network) => hostBitsProblem(network) ?? [])) {
    problem('WGQL_TRUSTED_PROXIES', text.en, text.zh);
  }
  const allowedHosts = list('WGQL_ALLOWED_HOSTS').map((name) => name.toLowerCase());
  for (const name of allowedHosts.filter((candidate) => !isHost(candidate))) {
    problem(
      'WGQL_ALLOWED_HOSTS',
      `must contain only host names such as vpn.example, without a scheme, port or wildcard, but contains ${shown('WGQL_ALLOWED_HOSTS', name)}`,
      `只能包含主机名，例如 vpn.example，不带协议、端口或通配符，现在含有 ${shown('WGQL_ALLOWED_HOSTS', name)}`,
    );
  }
  const endpoints = endpointsOf(settings);
  const certFile = text('WGQL_TLS_CERT', '');
  const keyFile = text('WGQL_TLS_KEY', '');
  const secretKeyFile = text('WGQL_SECRET_KEY_FILE', besideDatabase(databaseUrl, 'wgql.key'));
  for (const [name, path] of [
    ['WGQL_TLS_CERT', certFile],
    ['WGQL_TLS_KEY', keyFile],
    ['WGQL_SECRET_KEY_FILE', secretKeyFile],
  ] as const) {
    if (isContents(path)) problem(name, CONTENTS_GIVEN.en, CONTENTS_GIVEN.zh);
  }
  if ((certFile === '') !== (keyFile === '')) {
    const [missing, given] =
      certFile === '' ? ['WGQL_TLS_CERT', 'WGQL_TLS_KEY'] : ['WGQL_TLS_KEY', 'WGQL_TLS_CERT'];
    problem(
      missing,
      `must also be set because ${given} is set; TLS needs both files`,
      `也必须设置，因为已设置 ${given}；TLS 需要这两个文件`,
    );
  }

  const pollIntervalMs = integer('WGQL_POLL_INTERVAL_MS', 2_000, 100, 3_600_000);
  const onlineWindowMs = integer('WGQL_ONLINE_WINDOW_S', 180, 1, 86_400) * 1000;
  if (pollIntervalMs > onlineWindowMs) {
    problem(
      'WGQL_POLL_INTERVAL_MS',
      'must not be longer than WGQL_ONLINE_WINDOW_S; otherwise all users would appear to go offline between polls',
      '不能长于 WGQL_ONLINE_WINDOW_S；否则所有用户在两次轮询之间都会显示为离线',
    );
  }

  const config: Config = {
    host,
    port: integer('WGQL_PORT', 8000, 0, 65_535),
    databaseUrl,
    interfaces,
    pollIntervalMs,
    onlineWindowMs,
    timeZone,
    manage: choice('WGQL_MANAGE', 'on', ['on', 'off']) === 'on',
    token,
    auth,
    allowedHosts,
    corsOrigins: corsOrigins.map((origin) => origin.toLowerCase()),
    trustedProxies,
    tls: certFile === '' || keyFile === '' ? null : { certFile, keyFile },
    maxSocketsPerAddress: integer('WGQL_MAX_SOCKETS_PER_ADDRESS', 100, 1, 1_000_000),
    keepDays: {
      quarterHours: integer('WGQL_KEEP_QUARTER_HOURS_DAYS', 90, 0, 36_500),
      hours: integer('WGQL_KEEP_HOURS_DAYS', 730, 0, 36_500),
      events: integer('WGQL_KEEP_EVENTS_DAYS', 365, 0, 36_500),
      sessions: integer('WGQL_KEEP_SESSIONS_DAYS', 0, 0, 36_500),
    },
    secretKeyFile,
    logLevel: choice('WGQL_LOG_LEVEL', 'info', LOG_LEVELS),
    endpoints,
    warnings,
    demo,
  };
  warnings.push(...settings.unknown());
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

const NO_SYSTEM_ZONE: Text = {
  en: 'The system time zone has no IANA name, so UTC is used; set WGQL_TIME_ZONE to a time zone such as Asia/Shanghai.',
  zh: '系统时区没有 IANA 名称，因此使用 UTC；请将 WGQL_TIME_ZONE 设为时区，例如 Asia/Shanghai。',
};

/** Whether the token can be sent in a header, and is long and varied enough not to be guessed. */
function isToken(token: string): boolean {
  const isLong = token.length >= MIN_TOKEN_LENGTH;
  return isLong && /^[\x21-\x7e]+$/.test(token) && new Set(token).size >= MIN_TOKEN_VARIETY;
}

/** Whether the value looks like file contents instead of a path: PEM, or 32 bytes in base64 or hex. */
function isContents(path: string): boolean {
  return /[\r\n\0]|-----BEGIN|^[A-Za-z0-9+/]{43}=$|^[0-9a-f]{64}$/i.test(path);
}

const CONTENTS_GIVEN: Text = {
  en: 'must be the path of a file, not its contents',
  zh: '必须是文件路径，而不是文件内容',
};

/** The path of a file in the folder of the database. */
export function besideDatabase(databaseUrl: string, name: string): string {
  return join(dirname(databaseUrl.replace(/^file:/, '')), name);
}

export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
  );
}

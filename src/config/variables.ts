import { isIP, isIPv6 } from 'node:net';
import * as z from 'zod';
import { isHost } from '../domain/endpoint.ts';
import { isTimeZone } from '../domain/time/calendar.ts';
import { ALLOW_PRIVATE } from '../domain/webhook/addresses.ts';
import { isInterfaceName } from '../domain/wireguard/interface-name.ts';
import { MAX_MTU, MIN_MTU } from '../domain/wireguard/mtu.ts';
import { canonicalPrefix, hostBitsProblem, parseRange } from '../domain/wireguard/prefix.ts';
import { type Check, choice, integer, list, report, text } from './codecs.ts';
import { databaseUrlProblem } from './database-url.ts';
import { endpointList } from './endpoint-setting.ts';
import { listenAddress } from './listen-address.ts';
import { isOrigin } from './origin.ts';

const MIN_TOKEN_LENGTH = 32;
const MIN_TOKEN_VARIETY = 8;

/** A client that sends all its traffic through the tunnel. */
const EVERYTHING = ['0.0.0.0/0', '::/0'];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Whether the token can be sent in a header, and is long and varied enough not to be guessed. */
export function isToken(token: string): boolean {
  const isLong = token.length >= MIN_TOKEN_LENGTH;
  return isLong && /^[\x21-\x7e]+$/.test(token) && new Set(token).size >= MIN_TOKEN_VARIETY;
}

/** Whether the value looks like file contents instead of a path: PEM, or 32 bytes in base64 or hex. */
function isContents(path: string): boolean {
  return /[\r\n\0]|-----BEGIN|^[A-Za-z0-9+/]{43}=$|^[0-9a-f]{64}$/i.test(path);
}

const isPath: Check = {
  isGood: (path) => !isContents(path),
  problem: () => ({
    en: 'must be the path of a file, not its contents',
    zh: '必须是文件路径，而不是文件内容',
  }),
};

/** Creates a check from problem texts, in which `$` stands for the value. */
function must(isGood: (value: string) => boolean, en: string, zh: string): Check {
  const fill = (sentence: string, shown: string) => sentence.replace('$', () => shown);
  return { isGood, problem: (_, shown) => ({ en: fill(en, shown), zh: fill(zh, shown) }) };
}

const isWebUrl = must(
  (url) => /^https?:/i.test(url) && URL.canParse(url),
  'must be the URL of a collector, such as http://127.0.0.1:4318, but is $',
  '必须是收集器的 URL，例如 http://127.0.0.1:4318，现在是 $',
);

const isLanguage = (value: string): value is 'en' | 'zh' => value === 'en' || value === 'zh';

const keepDays = (fallback: number) => integer(fallback, 0, 36_500);

/** All variables that the program reads, with their schemas. */
export const VARIABLES = {
  WGQL_DATABASE_URL: text('', {
    isGood: (url) => databaseUrlProblem(url) === null,
    problem: (url) => databaseUrlProblem(url) ?? { en: '', zh: '' },
  }),
  WGQL_INTERFACES: list(
    must(
      isInterfaceName,
      'contains $, which is not a valid interface name',
      '中的 $ 不是有效的接口名',
    ),
  ).transform((names) => [...new Set(names)]),
  WGQL_TIME_ZONE: text(
    '',
    must(
      // Some versions of Node.js accept offsets such as +08:00, which are not IANA zones.
      (zone) => /^[A-Za-z]/.test(zone) && isTimeZone(zone),
      'must be an IANA time zone such as Asia/Shanghai, but is $',
      '必须是 IANA 时区，例如 Asia/Shanghai，现在是 $',
    ),
  ),
  WGQL_TOKEN: z
    .string()
    .optional()
    .transform((raw, ctx) => {
      const token = raw || null;
      if (token !== null && !isToken(token)) report(ctx, WEAK_TOKEN);
      return token;
    }),
  WGQL_TOKEN_FILE: text('', isPath),
  WGQL_AUTH: choice('auto', 'auto', 'none'),
  WGQL_HOST: text(
    '127.0.0.1',
    must(
      (host) => isHost(isIPv6(host) ? `[${host}]` : host),
      'must be an address or host name to listen on, without a port, but is $',
      '必须是要监听的地址或主机名，不带端口，现在是 $',
    ),
  ),
  WGQL_PORT: integer(8000, 0, 65_535),
  WGQL_CORS_ORIGINS: list(
    must(
      isOrigin,
      'must contain only origins such as https://app.example, without a path, but contains $',
      '只能包含来源，例如 https://app.example，不带路径，现在含有 $',
    ),
  ).transform((origins) => origins.map((origin) => origin.toLowerCase())),
  WGQL_TRUSTED_PROXIES: list(
    must(
      (network) => parseRange(network) !== null,
      'must contain only addresses or networks such as 10.0.0.0/8, but contains $',
      '只能包含地址或网段，例如 10.0.0.0/8，现在含有 $',
    ),
    {
      isGood: (network) => hostBitsProblem(network) === null,
      problem: (network) => hostBitsProblem(network) ?? { en: '', zh: '' },
    },
  ),
  WGQL_ALLOWED_HOSTS: list(
    must(
      (name) => isHost(name.toLowerCase()),
      'must contain only host names such as vpn.example, without a scheme, port or wildcard, but contains $',
      '只能包含主机名，例如 vpn.example，不带协议、端口或通配符，现在含有 $',
    ),
  ).transform((names) => names.map((name) => name.toLowerCase())),
  WGQL_ENDPOINT: endpointList,
  WGQL_CLIENT_DNS: list(
    must(
      (address) => isIP(address) !== 0,
      'must contain only IP addresses of DNS servers, but contains $',
      '只能包含 DNS 服务器的 IP 地址，现在含有 $',
    ),
  ),
  WGQL_CLIENT_ALLOWED_IPS: list(
    must(
      (prefix) => canonicalPrefix(prefix) !== null,
      'must contain only prefixes such as 10.8.0.0/24, but contains $',
      '只能包含前缀，例如 10.8.0.0/24，现在含有 $',
    ),
  ).transform((prefixes) => (prefixes.length > 0 ? prefixes : EVERYTHING)),
  WGQL_CLIENT_MTU: text(
    '',
    must(
      (mtu) => /^\d{1,5}$/.test(mtu) && Number(mtu) >= MIN_MTU && Number(mtu) <= MAX_MTU,
      `must be a whole number from ${MIN_MTU} to ${MAX_MTU}, but is $`,
      `必须是 ${MIN_MTU} 到 ${MAX_MTU} 之间的整数，现在是 $`,
    ),
  ).transform(Number),
  WGQL_CLIENT_KEEPALIVE: integer(25, 0, 65_535),
  WGQL_TLS_CERT: text('', isPath),
  WGQL_TLS_KEY: text('', isPath),
  WGQL_SECRET_KEY_FILE: text('', isPath),
  WGQL_TRUSTED_DOCUMENTS: text('', isPath),
  WGQL_POLL_INTERVAL_MS: integer(2_000, 100, 3_600_000),
  WGQL_ONLINE_WINDOW_S: integer(180, 1, 86_400),
  WGQL_MANAGE: choice('on', 'on', 'off'),
  WGQL_WEBHOOK_ALLOW_PRIVATE: choice('private', ...ALLOW_PRIVATE, 'on').transform((value) =>
    value === 'on' ? 'all' : value,
  ),
  WGQL_MAX_SOCKETS_PER_ADDRESS: integer(100, 1, 1_000_000),
  WGQL_KEEP_QUARTER_HOURS_DAYS: keepDays(90),
  WGQL_KEEP_HOURS_DAYS: keepDays(730),
  WGQL_KEEP_EVENTS_DAYS: keepDays(365),
  WGQL_KEEP_SESSIONS_DAYS: keepDays(0),
  WGQL_METRICS_LISTEN: listenAddress,
  WGQL_METRICS_LABELS: choice('keys', 'keys', 'full'),
  OTEL_EXPORTER_OTLP_ENDPOINT: text('', isWebUrl),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: text('', isWebUrl),
  OTEL_SDK_DISABLED: text(''),
  WGQL_LANGUAGE: text(
    '',
    must(isLanguage, 'must be en or zh, but is $', '必须是 en 或 zh，现在是 $'),
  ).transform((value) => (isLanguage(value) ? value : null)),
  WGQL_LOG_LEVEL: choice('info', ...LOG_LEVELS),
} as const;

export type VariableName = keyof typeof VARIABLES;

export const WEAK_TOKEN = {
  en: `must be random and have at least ${MIN_TOKEN_LENGTH} characters without spaces; generate one with "openssl rand -hex 32"`,
  zh: `必须是随机的，至少 ${MIN_TOKEN_LENGTH} 个字符且不含空格；可用 "openssl rand -hex 32" 生成`,
};

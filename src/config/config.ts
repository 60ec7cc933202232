import { dirname, join } from 'node:path';
import type { Endpoint } from '../domain/endpoint.ts';
import type { Text } from '../domain/errors.ts';
import type { AllowPrivate } from '../domain/webhook/addresses.ts';
import { readEnvironment, settingProblem, type Values } from './environment.ts';
import type { ListenAddress } from './listen-address.ts';
import { isSupported, unsupported } from './node-version.ts';
import { systemTimeZone, systemZoneFiles } from './system-time-zone.ts';
import { readTokenFile, tokenFile } from './token-file.ts';
import { isToken, WEAK_TOKEN } from './variables.ts';

/** All settings, validated and frozen. docs/SETTINGS.md lists their environment variables. */
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
  /** Which receivers of webhooks are permitted besides public ones. */
  readonly webhookAllowPrivate: AllowPrivate;
  readonly keepDays: {
    readonly quarterHours: number;
    readonly hours: number;
    readonly events: number;
    readonly sessions: number;
  };
  /** The file with the key that encrypts preshared keys and the secrets of webhooks; created at the first start. */
  readonly secretKeyFile: string;
  /** The file of the only documents that run; null: all run. */
  readonly trustedDocuments: string | null;
  /** The language of logs, and of messages for clients that name none; null means the usual ones. */
  readonly language: keyof Text | null;
  readonly logLevel: string;
  /** The endpoint for clients, by interface; `ANY_INTERFACE` applies to all other interfaces. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** What client configurations have unless the interface or the request says otherwise. */
  readonly client: {
    readonly dns: readonly string[];
    readonly allowedIps: readonly string[];
    /** null: the client chooses. */
    readonly mtu: number | null;
    /** Seconds; 0 means off. */
    readonly keepalive: number;
  };
  /** The address of a listener of its own for metrics, without a token; null means none. */
  readonly metricsListen: ListenAddress | null;
  /** The labels of a peer in metrics: its interface and key, or also its allowed IPs and its name. */
  readonly metricsLabels: 'keys' | 'full';
  /** Where spans are sent to; null: traces are off. */
  readonly tracesUrl: string | null;
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

/** Reads the settings from environment variables. Throws a `ConfigError` with every problem. */
export function readConfig(env: NodeJS.ProcessEnv, options: { demo?: boolean } = {}): Config {
  const { values, problems, unknown } = readEnvironment(env);
  const fromFile = tokenFromFile(values, env);
  const allProblems = [...problems, ...fromFile.problems, ...contradictions(values)];
  const demo = options.demo ?? false;
  const defaultUrl = demo ? 'file:./data/demo/wgql.db' : 'file:./data/wgql.db';
  const databaseUrl = values.WGQL_DATABASE_URL || defaultUrl;
  const { WGQL_TLS_CERT: certFile, WGQL_TLS_KEY: keyFile } = values;
  const system = systemTimeZone(env.TZ, systemZoneFiles);
  const isZoneUnknown = system === null && values.WGQL_TIME_ZONE === '';
  if (allProblems.length > 0) throw new ConfigError(allProblems);
  return Object.freeze({
    host: values.WGQL_HOST,
    port: values.WGQL_PORT,
    databaseUrl,
    interfaces: values.WGQL_INTERFACES,
    pollIntervalMs: values.WGQL_POLL_INTERVAL_MS,
    onlineWindowMs: values.WGQL_ONLINE_WINDOW_S * 1000,
    timeZone: values.WGQL_TIME_ZONE || (system ?? 'UTC'),
    manage: values.WGQL_MANAGE === 'on',
    token: values.WGQL_TOKEN ?? fromFile.token,
    auth: values.WGQL_AUTH,
    allowedHosts: values.WGQL_ALLOWED_HOSTS,
    corsOrigins: values.WGQL_CORS_ORIGINS,
    trustedProxies: values.WGQL_TRUSTED_PROXIES,
    tls: certFile === '' || keyFile === '' ? null : { certFile, keyFile },
    maxSocketsPerAddress: values.WGQL_MAX_SOCKETS_PER_ADDRESS,
    webhookAllowPrivate: values.WGQL_WEBHOOK_ALLOW_PRIVATE,
    keepDays: {
      quarterHours: values.WGQL_KEEP_QUARTER_HOURS_DAYS,
      hours: values.WGQL_KEEP_HOURS_DAYS,
      events: values.WGQL_KEEP_EVENTS_DAYS,
      sessions: values.WGQL_KEEP_SESSIONS_DAYS,
    },
    secretKeyFile: values.WGQL_SECRET_KEY_FILE || besideDatabase(databaseUrl, 'wgql.key'),
    trustedDocuments: values.WGQL_TRUSTED_DOCUMENTS || null,
    language: values.WGQL_LANGUAGE,
    logLevel: values.WGQL_LOG_LEVEL,
    endpoints: values.WGQL_ENDPOINT,
    client: {
      dns: values.WGQL_CLIENT_DNS,
      allowedIps: values.WGQL_CLIENT_ALLOWED_IPS,
      mtu: values.WGQL_CLIENT_MTU || null,
      keepalive: values.WGQL_CLIENT_KEEPALIVE,
    },
    metricsListen: values.WGQL_METRICS_LISTEN,
    metricsLabels: values.WGQL_METRICS_LABELS,
    tracesUrl: tracesUrl(values),
    warnings: [...versionWarnings(), ...(isZoneUnknown ? [NO_SYSTEM_ZONE] : []), ...unknown],
    demo,
  });
}

/** The address for traces as it is, or below the address for all signals, as the specification has it. */
function tracesUrl(values: Values): string | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own } = values;
  if (/^true$/i.test(values.OTEL_SDK_DISABLED) || (own === '' && base === '')) return null;
  return own || `${base.replace(/\/+$/, '')}/v1/traces`;
}

function versionWarnings(): readonly Text[] {
  const { node } = process.versions;
  return isSupported(node) ? [] : [unsupported(node)];
}

/** The token of a file, where the environment of the process is no place for secrets. */
function tokenFromFile(
  values: Values,
  env: NodeJS.ProcessEnv,
): { readonly token: string | null; readonly problems: readonly Text[] } {
  const refused = (text: Text) => ({
    token: null,
    problems: [settingProblem('WGQL_TOKEN_FILE', text)],
  });
  const path = tokenFile(values.WGQL_TOKEN_FILE, env);
  if (path === null) return { token: null, problems: [] };
  if (values.WGQL_TOKEN !== null) return refused(TOKEN_TWICE);
  const content = readTokenFile(path);
  if (typeof content !== 'string') return refused(content);
  return isToken(content) ? { token: content, problems: [] } : refused(WEAK_TOKEN_IN_FILE);
}

const TOKEN_TWICE: Text = {
  en: 'must not be set together with WGQL_TOKEN; keep one of them',
  zh: '不能与 WGQL_TOKEN 同时设置；请只保留其中一个',
};

const WEAK_TOKEN_IN_FILE: Text = {
  en: `names a file whose token ${WEAK_TOKEN.en}`,
  zh: `所指文件中的令牌${WEAK_TOKEN.zh}`,
};

/** Returns the problems of settings that are valid by themselves but not together. */
function contradictions(values: Values): Text[] {
  const problems: Text[] = [];
  const [cert, key] = [values.WGQL_TLS_CERT, values.WGQL_TLS_KEY];
  if ((cert === '') !== (key === '')) {
    const [missing, given] =
      cert === ''
        ? (['WGQL_TLS_CERT', 'WGQL_TLS_KEY'] as const)
        : (['WGQL_TLS_KEY', 'WGQL_TLS_CERT'] as const);
    problems.push(
      settingProblem(missing, {
        en: `must also be set because ${given} is set; TLS needs both files`,
        zh: `也必须设置，因为已设置 ${given}；TLS 需要这两个文件`,
      }),
    );
  }
  if (values.WGQL_POLL_INTERVAL_MS > values.WGQL_ONLINE_WINDOW_S * 1000) {
    problems.push(
      settingProblem('WGQL_POLL_INTERVAL_MS', {
        en: 'must not be longer than WGQL_ONLINE_WINDOW_S; otherwise all users would appear to go offline between polls',
        zh: '不能长于 WGQL_ONLINE_WINDOW_S；否则所有用户在两次轮询之间都会显示为离线',
      }),
    );
  }
  return problems;
}

const NO_SYSTEM_ZONE: Text = {
  en: 'The system time zone has no IANA name, so UTC is used; set WGQL_TIME_ZONE to a time zone such as Asia/Shanghai.',
  zh: '系统时区没有 IANA 名称，因此使用 UTC；请将 WGQL_TIME_ZONE 设为时区，例如 Asia/Shanghai。',
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

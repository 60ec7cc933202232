import { COMMAND_NAME } from '../config/command-name.ts';
import { type Config, isLoopback } from '../config/config.ts';
import { AppError, type Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Clock } from '../domain/time/clock.ts';
import { createLogins, type LoginStore, type Logins } from './logins.ts';
import { type AccessStore, createTokenRefresh, type TokenRefresh } from './token-refresh.ts';
import { createTokenRegistry, type TokenRegistry } from './token-registry.ts';

const READABLE_AGAIN: Text = { en: 'The tokens can be read again.', zh: '已恢复读取令牌。' };
const UNREADABLE: Text = {
  en: 'The tokens cannot be read; the tokens loaded last stay valid.',
  zh: '无法读取令牌；上次加载的令牌仍然有效。',
};

/** The longest time a revoked token stays usable, however long the poll interval is. */
const MAX_REFRESH_INTERVAL_MS = 5_000;

export type Access = TokenRegistry & Logins & Pick<TokenRefresh, 'refresh' | 'stop'>;

/**
 * Loads the access rules and keeps them in step with the database. Rejects with an `AppError` if other
 * machines can reach the server and no token was ever created.
 */
export async function openAccess(parts: {
  readonly config: Config;
  readonly store: AccessStore;
  readonly logins: LoginStore;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Access> {
  const { config, store, clock, log } = parts;
  const registry = createTokenRegistry({
    auth: config.auth,
    isLoopback: isLoopback(config.host),
    ownToken: config.token,
    clock,
  });
  const refresh = createTokenRefresh({
    registry,
    store,
    clock,
    everyMs: Math.min(config.pollIntervalMs, MAX_REFRESH_INTERVAL_MS),
    onProblem: (error) => {
      if (error === null) log.info(READABLE_AGAIN);
      else log.error(UNREADABLE, { err: error });
    },
  });
  if (config.token !== null) await store.requireAuthentication(new Date(clock.wallMs()));
  await refresh.refresh();
  if (registry.mode() === 'locked') throw needsToken(config.host);
  warnAboutAccess(log, config, registry);
  refresh.start();
  const logins = createLogins({ registry, store: parts.logins, refresh: refresh.refresh, clock });
  return { ...registry, ...logins, refresh: refresh.refresh, stop: refresh.stop };
}

function warnAboutAccess(log: Log, { auth }: Config, registry: TokenRegistry): void {
  if (auth === 'none') {
    const [ignored, ignoredZh] = registry.hasTokenInForce()
      ? [' The existing tokens are not checked.', '不会检查现有令牌。']
      : ['', ''];
    log.warn({
      en: `WGQL_AUTH=none: every client that can reach this address, including any web page, can read and change the users.${ignored}`,
      zh: `WGQL_AUTH=none：任何能访问此地址的客户端（包括任何网页）都可以读取和修改用户。${ignoredZh}`,
    });
  } else if (registry.mode() === 'tokens' && !registry.hasTokenInForce()) {
    log.warn({
      en: `A token is required because this database has had one, but no token is valid; create one with "${COMMAND_NAME} token create".`,
      zh: `此数据库曾有令牌，因此需要令牌，但没有有效的令牌；请用 "${COMMAND_NAME} token create" 创建。`,
    });
  }
}

function needsToken(host: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `WGQL_HOST is ${host}, which other machines can reach, so a token is required; create one with "${COMMAND_NAME} token create --name NAME --role admin", or set WGQL_TOKEN (or WGQL_AUTH=none to allow access without a token).`,
    zh: `WGQL_HOST 为 ${host}，其他机器可以访问，因此需要令牌；请用 "${COMMAND_NAME} token create --name 名称 --role admin" 创建，或设置 WGQL_TOKEN（或设置 WGQL_AUTH=none 以允许无令牌访问）。`,
  });
}

import type { Logger } from 'pino';
import { COMMAND_NAME } from '../config/command-name.ts';
import { type Config, isLoopback } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import type { Clock } from '../domain/time/clock.ts';
import { type AccessStore, createTokenRefresh, type TokenRefresh } from './token-refresh.ts';
import { createTokenRegistry, type TokenRegistry } from './token-registry.ts';

/** The longest time a revoked token stays usable, however long the poll interval is. */
const MAX_REFRESH_INTERVAL_MS = 5_000;

export type Access = TokenRegistry & Pick<TokenRefresh, 'refresh' | 'stop'>;

/**
 * Loads the access rules and keeps them in step with the database. Rejects with an `AppError` if other
 * machines can reach the server and no token was ever created.
 */
export async function openAccess(parts: {
  readonly config: Config;
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly log: Logger;
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
      if (error === null) log.info('The tokens can be read again.');
      else
        log.error({ err: error }, 'The tokens cannot be read; the tokens loaded last stay valid.');
    },
  });
  if (config.token !== null) await store.requireAuthentication(new Date(clock.wallMs()));
  await refresh.refresh();
  if (registry.mode() === 'locked') throw needsToken(config.host);
  warnAboutAccess(log, config, registry);
  refresh.start();
  return { ...registry, refresh: refresh.refresh, stop: refresh.stop };
}

function warnAboutAccess(log: Logger, { auth }: Config, registry: TokenRegistry): void {
  if (auth === 'none') {
    const ignored = registry.hasTokenInForce() ? ' The existing tokens are not checked.' : '';
    log.warn(
      `WGQL_AUTH=none: every client that can reach this address, including any web page, can read and change the users.${ignored}`,
    );
  } else if (registry.mode() === 'tokens' && !registry.hasTokenInForce()) {
    log.warn(
      `A token is required because this database has had one, but no token is valid; create one with "${COMMAND_NAME} token create".`,
    );
  }
}

function needsToken(host: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `WGQL_HOST is ${host}, which other machines can reach, so a token is required; create one with "${COMMAND_NAME} token create --name NAME --role admin", or set WGQL_TOKEN (or WGQL_AUTH=none to allow access without a token).`,
    zh: `WGQL_HOST 为 ${host}，其他机器可以访问，因此需要令牌；请用 "${COMMAND_NAME} token create --name 名称 --role admin" 创建，或设置 WGQL_TOKEN（或设置 WGQL_AUTH=none 以允许无令牌访问）。`,
  });
}

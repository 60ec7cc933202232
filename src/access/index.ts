import type { Logger } from 'pino';
import { type Config, isLoopback } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import type { Clock } from '../domain/time/clock.ts';
import { type AccessStore, createTokenRefresh, type TokenRefresh } from './token-refresh.ts';
import { createAccessBook, type TokenRegistry } from './token-registry.ts';

/** Longer than this a revoked token does not live, however seldom WireGuard is read. */
const LOOK_AT_LEAST_EVERY_MS = 5_000;

export type Access = TokenRegistry & Pick<TokenRefresh, 'refresh' | 'stop'>;

/**
 * Who may come in, kept as the database has it. Rejects with an `AppError` where others reach the
 * server and nobody ever made a token for it.
 */
export async function openAccess(parts: {
  readonly config: Config;
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Access> {
  const { config, store, clock, log } = parts;
  const book = createAccessBook({
    auth: config.auth,
    isLoopback: isLoopback(config.host),
    ownToken: config.token,
    clock,
  });
  const refresh = createTokenRefresh({
    book,
    store,
    clock,
    everyMs: Math.min(config.pollIntervalMs, LOOK_AT_LEAST_EVERY_MS),
    onProblem: (error) => {
      if (error === null) log.info('The tokens can be read again.');
      else
        log.error({ err: error }, 'The tokens cannot be read; those known so far stay in force.');
    },
  });
  if (config.token !== null) await store.requireAuthentication(new Date(clock.wallMs()));
  await refresh.refresh();
  if (book.mode() === 'shut') throw needsToken(config.host);
  say(log, config, book);
  refresh.start();
  return { ...book, refresh: refresh.refresh, stop: refresh.stop };
}

function say(log: Logger, { auth }: Config, book: TokenRegistry): void {
  if (auth === 'none') {
    const ignored = book.hasTokenInForce() ? ' There are tokens, and they are not asked for.' : '';
    log.warn(
      `WGQL_AUTH=none: everybody who reaches this address, any web page included, can read and change the users.${ignored}`,
    );
  } else if (book.mode() === 'tokens' && !book.hasTokenInForce()) {
    log.warn(
      'This database had a token, so one is asked for, but none is in force; make one with "wgql token create".',
    );
  }
}

function needsToken(host: string): AppError {
  return new AppError('UNAVAILABLE', {
    en: `WGQL_HOST is ${host}, which other machines reach, so a token is needed: make one with "npm run wgql -- token create --name NAME --role admin", or set WGQL_TOKEN (or WGQL_AUTH=none to let everyone in).`,
    zh: `WGQL_HOST 为 ${host}，其他机器可以访问，因此需要令牌：请用 "npm run wgql -- token create --name 名称 --role admin" 创建，或设置 WGQL_TOKEN（或用 WGQL_AUTH=none 允许任何人访问）。`,
  });
}

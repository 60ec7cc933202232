import type { IncomingMessage } from 'node:http';
import { AppError } from '../../domain/errors.ts';
import { isProxyHeader } from '../../http/proxy-headers.ts';

/**
 * Rejects requests through a proxy while no token is required: the server then listens on loopback only,
 * and a reverse proxy would give everyone access.
 */
export function refuseProxied({ headers }: IncomingMessage): void {
  const header = Object.keys(headers).find(isProxyHeader);
  if (header === undefined) return;
  throw new AppError('FORBIDDEN', {
    en: `The request came through a proxy (${header}), which allows others to reach this server, so a token is required; set WGQL_TOKEN.`,
    zh: `请求经过了代理（${header}），其他人可通过代理访问本服务器，因此需要令牌；请设置 WGQL_TOKEN。`,
  });
}

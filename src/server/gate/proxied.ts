import type { IncomingMessage } from 'node:http';
import { AppError } from '../../domain/errors.ts';
import { isProxyHeader } from '../../http/proxy-headers.ts';

/**
 * Refuses what came through a proxy to a server that needs no token: it listens to this machine
 * alone, and a reverse proxy would let everybody in.
 */
export function refuseProxied({ headers }: IncomingMessage): void {
  const header = Object.keys(headers).find(isProxyHeader);
  if (header === undefined) return;
  throw new AppError('FORBIDDEN', {
    en: `The request came through a proxy (${header}), which lets others reach this server, so it needs a token: set WGQL_TOKEN.`,
    zh: `请求经过了代理（${header}），这会让其他人访问本服务器，因此需要令牌：请设置 WGQL_TOKEN。`,
  });
}

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AppError } from '../../domain/errors.ts';
import { isRepeatable } from '../../domain/secret-like.ts';

/**
 * Rejects a `Host` whose name is not configured: otherwise, a web page whose own name resolves to this
 * address (DNS rebinding) would have the same origin. IP addresses involve no name and are accepted.
 */
export function checkHost(request: IncomingMessage, names: readonly string[]): void {
  const [header, ...more] = request.headersDistinct.host ?? [];
  if (header === undefined || more.length > 0) {
    throw new AppError('INVALID_ARGUMENT', {
      en: 'The request must have exactly one Host header; send one with HTTP/1.1.',
      zh: '请求必须有且仅有一个 Host 请求头；请使用 HTTP/1.1 并发送该请求头。',
    });
  }
  const name = hostName(header);
  if (isIP(name) !== 0 || name === 'localhost' || names.includes(name)) return;
  const [en, zh] = isRepeatable(name)
    ? [`the name "${name}"`, `主机名 "${name}"`]
    : ['the name in Host', 'Host 中的主机名'];
  throw new AppError('FORBIDDEN', {
    en: `The server does not accept ${en}; add it to WGQL_ALLOWED_HOSTS.`,
    zh: `服务器不接受${zh}；请将其加入 WGQL_ALLOWED_HOSTS。`,
  });
}

/** Returns the host without port and brackets, in lower case. */
export function hostName(header: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(header);
  const name = bracketed?.[1] ?? header.replace(/:\d*$/, '');
  return name.toLowerCase();
}

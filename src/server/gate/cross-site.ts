import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AppError } from '../../domain/errors.ts';
import { hostName } from './host.ts';

/**
 * Rejects requests sent by a web page of another origin, where the location of the browser is its only
 * authorization. Browsers report the source in `Sec-Fetch-Site`, or otherwise in `Origin` or `Referer`.
 * A client that sends none of them is not a browser.
 */
export function refuseForeignPage(
  request: IncomingMessage,
  changesState: boolean,
  allowedOrigins: readonly string[],
): void {
  const { host = '', 'sec-fetch-site': site } = request.headers;
  const source = sourceOf(request);
  if (source !== null && allowedOrigins.includes(source)) return;
  // 'none' means an action of the user, such as the address bar or a bookmark.
  if (site === 'same-origin' || site === 'none') return;
  if (site === 'cross-site') throw foreignPage();
  // Pages of the same host on another port may read, because existing clients are such pages.
  if (site !== undefined) {
    if (changesState) throw foreignPage();
    return;
  }
  if (source === null) {
    if (changesState && isUnmarkedAddress(request)) throw unmarked();
    return;
  }
  if (isOwn(source, host)) return;
  if (changesState || !isMarkedByBrowsers(request)) throw foreignPage();
}

/** The origin of the sending page; the text 'null' if the page hides it; null if none is given. */
function sourceOf({ headers: { origin, referer } }: IncomingMessage): string | null {
  if (origin !== undefined) return origin.toLowerCase();
  if (referer === undefined) return null;
  return URL.canParse(referer) ? new URL(referer).origin : 'null';
}

function isOwn(source: string, host: string): boolean {
  if (!URL.canParse(source)) return false;
  const { protocol, host: sourceHost } = new URL(source);
  // Parsed as a URL to remove the default port of the protocol.
  const own = `${protocol}//${host}`;
  return sourceHost !== '' && URL.canParse(own) && new URL(own).host === sourceHost;
}

/**
 * Browsers send `Sec-Fetch-Site` only over TLS and to addresses that they recognize as loopback. To other
 * forms of them, such as 0.0.0.0, any page could send reads without the header.
 */
function isMarkedByBrowsers({ headers, socket }: IncomingMessage): boolean {
  const name = hostName(headers.host ?? '');
  return (
    'encrypted' in socket || name === 'localhost' || name === '::1' || /^127(\.\d+){3}$/.test(name)
  );
}

/**
 * A page can suppress the referrer and load an image from 0.0.0.0, for example: that `GET` names no source
 * and looks like one of a non-browser client. Host names are exempt, because the operator configured them.
 */
function isUnmarkedAddress(request: IncomingMessage): boolean {
  const isGet = request.method === 'GET' && request.headers.upgrade === undefined;
  return isGet && isIP(hostName(request.headers.host ?? '')) !== 0 && !isMarkedByBrowsers(request);
}

function unmarked(): AppError {
  return new AppError('FORBIDDEN', {
    en: 'Browsers do not report which page sent a request to this address; send changes to 127.0.0.1 or [::1], or as POST.',
    zh: '对于此地址，浏览器不会标明请求来自哪个页面；请改用 127.0.0.1 或 [::1]，或使用 POST 提交更改。',
  });
}

function foreignPage(): AppError {
  return new AppError('FORBIDDEN', {
    en: 'A web page of another origin sent this request; add that origin to WGQL_CORS_ORIGINS, or send a token with "Authorization: Bearer".',
    zh: '此请求来自其他来源的网页；请将该来源加入 WGQL_CORS_ORIGINS，或用 "Authorization: Bearer" 发送令牌。',
  });
}

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AppError } from '../../domain/errors.ts';
import { hostName } from './host.ts';

/**
 * Refuses what a web page of another origin sent, wherever the browser's being here is all the right
 * it has. Browsers say where a request comes from in `Sec-Fetch-Site`; those that do not, in `Origin`
 * or `Referer`. A client that sends none of them is no browser.
 */
export function refuseForeignPage(
  request: IncomingMessage,
  changesState: boolean,
  allowedOrigins: readonly string[],
): void {
  const { host = '', 'sec-fetch-site': site } = request.headers;
  const source = sourceOf(request);
  if (source !== null && allowedOrigins.includes(source)) return;
  // 'none' is a person's own doing: the address bar, a bookmark.
  if (site === 'same-origin' || site === 'none') return;
  if (site === 'cross-site') throw foreignPage();
  // Pages of the same host on another port may read; older clients are such pages.
  if (site !== undefined) {
    if (changesState) throw foreignPage();
    return;
  }
  if (source === null) {
    if (changesState && isUnmarkedLiteral(request)) throw unmarked();
    return;
  }
  if (isOwn(source, host)) return;
  if (changesState || !isMarkedByBrowsers(request)) throw foreignPage();
}

/** The origin of the page that sent it, `null` in words where the page hides it, and null for none. */
function sourceOf({ headers: { origin, referer } }: IncomingMessage): string | null {
  if (origin !== undefined) return origin.toLowerCase();
  if (referer === undefined) return null;
  return URL.canParse(referer) ? new URL(referer).origin : 'null';
}

function isOwn(source: string, host: string): boolean {
  if (!URL.canParse(source)) return false;
  const { protocol, host: sourceHost } = new URL(source);
  // Read as a URL too, which leaves out the protocol's own port.
  const own = `${protocol}//${host}`;
  return sourceHost !== '' && URL.canParse(own) && new URL(own).host === sourceHost;
}

/**
 * Browsers send `Sec-Fetch-Site` only over TLS and to addresses that they know as this machine's own.
 * To other spellings of them, such as 0.0.0.0, every page could send reads unmarked.
 */
function isMarkedByBrowsers({ headers, socket }: IncomingMessage): boolean {
  const name = hostName(headers.host ?? '');
  return (
    'encrypted' in socket || name === 'localhost' || name === '::1' || /^127(\.\d+){3}$/.test(name)
  );
}

/**
 * A page may keep its address to itself and load, say, a picture from 0.0.0.0: a `GET` that names nobody,
 * as a plain client's. By a name of its own the operator has asked to be served.
 */
function isUnmarkedLiteral(request: IncomingMessage): boolean {
  const isGet = request.method === 'GET' && request.headers.upgrade === undefined;
  return isGet && isIP(hostName(request.headers.host ?? '')) !== 0 && !isMarkedByBrowsers(request);
}

function unmarked(): AppError {
  return new AppError('FORBIDDEN', {
    en: 'By this address no browser says which page a request comes from; send changes to 127.0.0.1 or [::1], or as POST.',
    zh: '通过此地址访问时浏览器不会标明请求来自哪个页面；请改用 127.0.0.1 或 [::1]，或使用 POST 进行更改。',
  });
}

function foreignPage(): AppError {
  return new AppError('FORBIDDEN', {
    en: 'A web page of another origin sent this request; name that origin in WGQL_CORS_ORIGINS, or use a token with "Authorization: Bearer".',
    zh: '此请求来自其他来源的网页；请将该来源加入 WGQL_CORS_ORIGINS，或使用令牌 "Authorization: Bearer"。',
  });
}

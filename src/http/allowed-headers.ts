import { isProxyHeader } from './proxy-headers.ts';

const DOCUMENTED = ['Content-Type', 'Authorization'];

const NAME = /^[a-z0-9][\w-]{0,63}$/i;

/** More than any client needs. */
const MAX_NAMES = 32;

/**
 * The headers that a preflight response allows: the documented ones and the requested ones. Clients such as
 * Apollo Client and tracing libraries add headers of their own, which the server ignores. Headers set by
 * proxies are never allowed, because the server trusts them when they come from a trusted proxy.
 */
export function allowedHeaders(requested: string | undefined): string[] {
  const known = new Set(DOCUMENTED.map((name) => name.toLowerCase()));
  const others = (requested ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => NAME.test(name) && !isProxyHeader(name) && !known.has(name.toLowerCase()));
  return [...DOCUMENTED, ...new Set(others.slice(0, MAX_NAMES))];
}

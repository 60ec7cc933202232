import { isProxyHeader } from './proxy-headers.ts';

const DOCUMENTED = ['Content-Type', 'Authorization'];

const NAME = /^[a-z0-9][\w-]{0,63}$/i;

/** More than any client sends. */
const MAX_NAMES = 32;

/**
 * The headers that a preflight allows to a page that may send requests: the documented ones and those it
 * asks for, since clients add their own (Apollo Client, tracing) and the program ignores what it does not
 * know. Not those that only proxies may write: behind one, the program believes them.
 */
export function allowedHeaders(requested: string | undefined): string[] {
  const known = new Set(DOCUMENTED.map((name) => name.toLowerCase()));
  const others = (requested ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => NAME.test(name) && !isProxyHeader(name) && !known.has(name.toLowerCase()));
  return [...DOCUMENTED, ...new Set(others.slice(0, MAX_NAMES))];
}

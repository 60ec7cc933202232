import type { IncomingMessage } from 'node:http';

/** What names the cookie and finds it. */
type Sent = Pick<IncomingMessage, 'headers'>;

/** The name of the cookie of a login. It has the port, because browsers share cookies between the ports of a host. */
export function loginCookieName({ headers: { host = '' } }: Sent): string {
  const [, port] = /^(?:\[[^\]]*\]|[^:]*):(\d+)$/.exec(host) ?? [];
  return port === undefined ? 'wgql_login' : `wgql_login_${port}`;
}

/**
 * The secret of the login that the browser sends; null if there is none. A page of a related host can set a second
 * cookie of the name, for a login of its own; of two different ones, neither can be preferred, so none is used.
 */
export function loginSecretOf(request: Sent): string | null {
  const [first = null, ...others] = secretsIn(request);
  return others.length > 0 ? null : first;
}

/** Whether the browser sends a cookie of a login to this server, of whatever value. */
export function hasLoginCookie(request: Sent): boolean {
  return secretsIn(request).size > 0;
}

/** The different values of the cookie; empty ones are those of a browser that logged out. */
function secretsIn(request: Sent): ReadonlySet<string> {
  const start = `${loginCookieName(request)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const ours = pairs.filter((pair) => pair.startsWith(start) && pair !== start);
  return new Set(ours.map((pair) => pair.slice(start.length)));
}

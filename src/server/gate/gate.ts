import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config/config.ts';
import { refuseForeignPage } from './cross-site.ts';
import { checkHost } from './host.ts';
import { hasLoginCookie } from './login-cookie.ts';
import { refuseProxied } from './proxied.ts';

/** The checks before a request is processed. All throw an `AppError`. */
export interface Gate {
  /** Checks every request and every upgrade. */
  admit(request: IncomingMessage): void;
  /** Additionally checks a request that changes state although its method is a safe one. */
  admitChange(request: IncomingMessage): void;
  /** Additionally checks a request that logs in or out, which a foreign page must never do for its visitor. */
  admitLogin(request: IncomingMessage): void;
}

/** `isOpen` returns whether no token is currently required. */
export function createGate(config: Config, isOpen: () => boolean): Gate {
  const names = [config.host.toLowerCase(), ...config.allowedHosts];
  const refuseForeign = (request: IncomingMessage, changesState: boolean) => {
    if (!isForgeable(request)) return;
    refuseForeignPage(request, changesState, config.corsOrigins);
  };
  // WGQL_AUTH=none explicitly gives full access to every client, including any web page.
  const isGuarded = () => isOpen() && config.auth !== 'none';
  /**
   * Whether a page could make the browser send the request with access that the page itself does not have.
   * Not with a Bearer token, which browsers never add themselves, other than passwords and cookies. While no
   * token is required, tokens are not checked, so that sending one proves nothing.
   */
  const isForgeable = (request: IncomingMessage) =>
    isOpen() ? isGuarded() : isAuthorizedByBrowser(request);
  return {
    admit: (request) => {
      checkHost(request, names);
      if (isGuarded()) refuseProxied(request);
      // A preflight reveals and changes nothing; the actual request is checked when it arrives.
      if (request.method !== 'OPTIONS') refuseForeign(request, mayChange(request));
    },
    admitChange: (request) => refuseForeign(request, true),
    admitLogin: (request) => refuseForeignPage(request, true, config.corsOrigins),
  };
}

/** Whether the browser itself may have added what authorizes the request: a password, or the cookie of a login. */
function isAuthorizedByBrowser(request: IncomingMessage): boolean {
  const { authorization = '' } = request.headers;
  if (/^basic\b/i.test(authorization)) return true;
  return hasLoginCookie(request) && !/^bearer\b/i.test(authorization);
}

/** Upgrades count as changes, because a WebSocket can carry mutations. */
function mayChange({ method = '', headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined || !['GET', 'HEAD'].includes(method);
}

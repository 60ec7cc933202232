import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config/config.ts';
import { refuseForeignPage } from './cross-site.ts';
import { checkHost } from './host.ts';
import { refuseProxied } from './proxied.ts';

/** What a request must pass before anything is done with it. Both throw an `AppError`. */
export interface Gate {
  /** For every request and every upgrade. */
  admit(request: IncomingMessage): void;
  /** Also for a request that changes something although its method promises that it does not. */
  admitChange(request: IncomingMessage): void;
}

/** `isOpen` says whether nobody needs a token just now. */
export function createGate(config: Config, isOpen: () => boolean): Gate {
  const names = [config.host.toLowerCase(), ...config.allowedHosts];
  const refuseForeign = (request: IncomingMessage, changesState: boolean) => {
    if (!isForgeable(request)) return;
    refuseForeignPage(request, changesState, config.corsOrigins);
  };
  // Whoever set WGQL_AUTH=none chose that everybody, any web page included, may do everything.
  const isGuarded = () => isOpen() && config.auth !== 'none';
  /**
   * Whether a page could have it sent with a right that is not the page's own. A Bearer token is: no
   * browser adds it by itself. Where no token is needed none is checked, so it proves nothing there.
   */
  const isForgeable = ({ headers }: IncomingMessage) =>
    isOpen() ? isGuarded() : /^basic\b/i.test(headers.authorization ?? '');
  return {
    admit: (request) => {
      checkHost(request, names);
      if (isGuarded()) refuseProxied(request);
      // What a preflight asks for is still to come; its answer shows and changes nothing.
      if (request.method !== 'OPTIONS') refuseForeign(request, mayChange(request));
    },
    admitChange: (request) => refuseForeign(request, true),
  };
}

/** A WebSocket carries mutations too. */
function mayChange({ method = '', headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined || !['GET', 'HEAD'].includes(method);
}

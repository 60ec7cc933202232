import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../access/principal.ts';
import type { TokenRegistry } from '../../access/token-registry.ts';
import type { AppError } from '../../domain/errors.ts';
import { loginSecretOf } from './login-cookie.ts';

/**
 * Authenticates a request: returns its principal, or the reason for the failure. `authorization` is the
 * value from a `connection_init`; if it is absent, the request's own header is used, and without that one the
 * cookie of a login.
 */
export type Authenticate = (
  request: IncomingMessage,
  authorization?: string,
) => Principal | AppError;

export function authenticator(
  access: Pick<TokenRegistry, 'authenticate' | 'authenticateLogin'>,
  clientAddressOf: (request: IncomingMessage) => string,
): Authenticate {
  // A request is authenticated more than once, but a failure must be counted once.
  const known = new WeakMap<IncomingMessage, Principal | AppError>();
  const ask = (request: IncomingMessage, authorization: string | undefined) =>
    access.authenticate(secretOf(authorization), clientAddressOf(request));
  const askItself = (request: IncomingMessage) => {
    const { authorization } = request.headers;
    const login = authorization === undefined ? loginSecretOf(request) : null;
    if (login === null) return ask(request, authorization);
    return access.authenticateLogin(login, clientAddressOf(request));
  };
  return (request, authorization) => {
    if (authorization !== undefined) return ask(request, authorization);
    const answer = known.get(request) ?? askItself(request);
    known.set(request, answer);
    return answer;
  };
}

/** Extracts the token: from Bearer, or the password of Basic for clients that support nothing else. */
function secretOf(authorization: string | undefined): string | null {
  const [, scheme, credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization ?? '') ?? [];
  switch (scheme?.toLowerCase()) {
    case 'bearer':
      return credentials;
    case 'basic': {
      const text = Buffer.from(credentials, 'base64').toString('utf8');
      return text.includes(':') ? text.slice(text.indexOf(':') + 1) : null;
    }
    default:
      return null;
  }
}

import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../access/principal.ts';
import type { TokenRegistry } from '../../access/token-registry.ts';
import type { AppError } from '../../domain/errors.ts';

/**
 * Who stands behind a request, or why that is nobody. `authorization` is what a `connection_init`
 * brought; without one it is the request's own header.
 */
export type Authenticate = (
  request: IncomingMessage,
  authorization?: string,
) => Principal | AppError;

export function authenticator(
  access: Pick<TokenRegistry, 'authenticate'>,
  clientAddressOf: (request: IncomingMessage) => string,
): Authenticate {
  // A request is asked about more than once, and a failed try of it counts once.
  const known = new WeakMap<IncomingMessage, Principal | AppError>();
  const ask = (request: IncomingMessage, authorization: string | undefined) =>
    access.authenticate(secretOf(authorization), clientAddressOf(request));
  return (request, authorization) => {
    if (authorization !== undefined) return ask(request, authorization);
    const answer = known.get(request) ?? ask(request, request.headers.authorization);
    known.set(request, answer);
    return answer;
  };
}

/** The token in an `Authorization`: a Bearer's, or the password of Basic, for clients that know no other. */
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

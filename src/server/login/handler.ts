import type { IncomingMessage } from 'node:http';
import { type RequestHandler, Router } from 'express';
import type { Logins } from '../../access/logins.ts';
import { AppError } from '../../domain/errors.ts';
import { authorize } from '../../resolvers/authorize.ts';
import type { Context } from '../../resolvers/context.ts';
import type { ClientAddressOf } from '../gate/client-address.ts';
import type { Gate } from '../gate/gate.ts';
import { loginCookieName, loginSecretOf } from '../gate/login-cookie.ts';
import { readLoginBody, tokenIn } from './body.ts';

export interface LoginOptions {
  readonly logins: Logins;
  readonly admitLogin: Gate['admitLogin'];
  /** The context of a request with this `Authorization`. */
  readonly contextOf: (request: IncomingMessage, authorization: string) => Context;
  readonly clientAddressOf: ClientAddressOf;
  readonly isEncrypted: (request: IncomingMessage) => boolean;
}

/** `/login`: exchanges a token for the cookie of a login, and ends the login of the cookie. */
export function loginRouter(options: LoginOptions): Router {
  const router = Router();
  router
    .route('/login')
    .all(onlyThese(options))
    .post(...readLoginBody, logIn(options))
    .delete(logOut(options));
  return router;
}

function onlyThese({ admitLogin }: LoginOptions): RequestHandler {
  return (request, response, next) => {
    if (!METHODS.includes(request.method)) {
      response.setHeader('Allow', METHODS.join(', '));
      throw noSuchMethod();
    }
    admitLogin(request);
    next();
  };
}

function logIn({ logins, contextOf, clientAddressOf, isEncrypted }: LoginOptions): RequestHandler {
  return async (request, response) => {
    const token = tokenIn(request.body);
    const context = contextOf(request, `Bearer ${token}`);
    const { expiresAtMs } = authorize(context, 'self');
    const login = await logins.logIn(token, clientAddressOf(request));
    if (login !== null) {
      // Its cookie is replaced, so nobody could end it any more.
      const former = loginSecretOf(request);
      if (former !== null) await logins.logOut(former);
      const endsMs = Math.min(login.expiresAt.getTime(), expiresAtMs ?? Number.POSITIVE_INFINITY);
      const seconds = Math.ceil((endsMs - context.clock.wallMs()) / 1000);
      const cookie = cookieOf(request, login.secret, seconds, isEncrypted(request));
      response.setHeader('Set-Cookie', cookie);
    }
    response.status(204).end();
  };
}

function logOut({ logins, isEncrypted }: LoginOptions): RequestHandler {
  return async (request, response) => {
    const secret = loginSecretOf(request);
    if (secret !== null) await logins.logOut(secret);
    response.setHeader('Set-Cookie', cookieOf(request, '', 0, isEncrypted(request)));
    response.status(204).end();
  };
}

/** Scripts of a page cannot read the cookie, and pages of other sites cannot make the browser send it. */
function cookieOf(
  request: IncomingMessage,
  value: string,
  maxAgeSeconds: number,
  isSecure: boolean,
): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeSeconds}`];
  if (isSecure) attributes.push('Secure');
  return [`${loginCookieName(request)}=${value}`, ...attributes].join('; ');
}

const METHODS = ['POST', 'DELETE'];

function noSuchMethod(): AppError {
  return new AppError('METHOD_NOT_ALLOWED', {
    en: 'This path supports only POST, to log in, and DELETE, to log out.',
    zh: '此路径只支持 POST（登录）和 DELETE（退出登录）。',
  });
}

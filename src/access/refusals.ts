import { AppError } from '../domain/errors.ts';
import type { Role } from './principal.ts';

export function noToken(): AppError {
  return new AppError('UNAUTHENTICATED', {
    en: 'A token is required; send it in the header "Authorization: Bearer TOKEN".',
    zh: '需要令牌；请在请求头中发送 "Authorization: Bearer 令牌"。',
  });
}

/** The same message for every reason, so that it does not reveal which tokens exist. */
export function wrongToken(): AppError {
  return new AppError('UNAUTHENTICATED', {
    en: 'The token is not valid: it is unknown, expired, revoked, or not allowed from this address; ask an administrator for a new one.',
    zh: '令牌无效：令牌未知、已过期、已吊销，或不允许从此地址使用；请向管理员申请新的令牌。',
  });
}

/** The same message for every reason, as for tokens. */
export function loginEnded(): AppError {
  return new AppError('UNAUTHENTICATED', {
    en: 'The login has ended; log in again with a token.',
    zh: '登录已结束；请用令牌重新登录。',
  });
}

export function tooManyTries(retryAfterSeconds: number): AppError {
  return new AppError(
    'RATE_LIMITED',
    {
      en: `Too many invalid tokens were sent from this address; try again in ${retryAfterSeconds} seconds.`,
      zh: `此地址发送的无效令牌过多；请在 ${retryAfterSeconds} 秒后重试。`,
    },
    [],
    { retryAfterSeconds },
  );
}

export function noRight(held: Role, needed: Role): AppError {
  return new AppError('FORBIDDEN', {
    en: `This operation requires the role ${needed}, but the token has the role ${held}; use a token with the role ${needed}.`,
    zh: `此操作需要 ${needed} 角色，而该令牌的角色是 ${held}；请使用具有 ${needed} 角色的令牌。`,
  });
}

/** The error for streams whose client has lost access. */
export function accessEnded(): AppError {
  return new AppError('UNAUTHENTICATED', {
    en: 'Access has ended: the token expired, was revoked or changed, or a token is now required; connect again with a valid token.',
    zh: '访问权限已结束：令牌已过期、被吊销或更改，或现在需要令牌；请使用有效的令牌重新连接。',
  });
}

import { AppError } from '../domain/errors.ts';

export function noToken(): AppError {
  return new AppError('UNAUTHENTICATED', {
    en: 'A token is needed; send it in the header "Authorization: Bearer TOKEN".',
    zh: '需要令牌；请在请求头中发送 "Authorization: Bearer 令牌"。',
  });
}

/** One sentence for every reason, so that nobody learns which tokens there are. */
export function wrongToken(): AppError {
  return new AppError('UNAUTHENTICATED', {
    en: 'The token is not valid: unknown, expired, revoked, or not allowed from this address; ask an administrator for another.',
    zh: '令牌无效：未知、已过期、已吊销，或不允许从此地址使用；请向管理员申请新的令牌。',
  });
}

export function tooManyTries(retryAfterSeconds: number): AppError {
  return new AppError(
    'RATE_LIMITED',
    {
      en: `Too many tokens from this address were not valid; try again in ${retryAfterSeconds} seconds.`,
      zh: `来自此地址的无效令牌过多；请在 ${retryAfterSeconds} 秒后重试。`,
    },
    [],
    { retryAfterSeconds },
  );
}

/** For streams whose reader may not read on. */
export function rightEnded(): AppError {
  return new AppError('UNAUTHENTICATED', {
    en: 'The right to read on has ended: the token expired, was revoked or changed, or a token is needed now.',
    zh: '读取权限已结束：令牌已过期、被吊销或更改，或现在需要令牌。',
  });
}

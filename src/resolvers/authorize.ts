import { AppError } from '../errors.ts';
import { type Context, type Principal, ROLES, type Role } from './context.ts';

/** Who asks, if that is somebody who may do what `role` may. Throws otherwise. */
export function authorize(ctx: Context, role: Role): Principal {
  const { principal } = ctx;
  if (principal === null) {
    throw new AppError('UNAUTHENTICATED', {
      en: 'A token is needed; send it in the header "Authorization: Bearer TOKEN".',
      zh: '需要令牌；请在请求头中发送 "Authorization: Bearer 令牌"。',
    });
  }
  if (ROLES.indexOf(principal.role) < ROLES.indexOf(role)) {
    throw new AppError('FORBIDDEN', {
      en: `This needs the role ${role}; the token has the role ${principal.role}.`,
      zh: `此操作需要 ${role} 角色；该令牌的角色是 ${principal.role}。`,
    });
  }
  return principal;
}

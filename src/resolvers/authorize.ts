import { includesRole, type Principal, type Role } from '../access/principal.ts';
import { rightEnded } from '../access/refusals.ts';
import { AppError } from '../domain/errors.ts';
import type { Context } from './context.ts';

/** Who asks, if that is somebody who may do what `role` may. Throws otherwise. */
export function authorize(ctx: Pick<Context, 'principal' | 'clock'>, role: Role): Principal {
  const { principal } = ctx;
  if (principal instanceof AppError) throw principal;
  // A socket outlives the right it was opened with.
  const { ended, expiresAtMs } = principal;
  const isOver = expiresAtMs !== null && expiresAtMs <= ctx.clock.wallMs();
  if (ended.aborted || isOver) throw rightEnded();
  if (!includesRole(principal.role, role)) {
    throw new AppError('FORBIDDEN', {
      en: `This needs the role ${role}; the token has the role ${principal.role}.`,
      zh: `此操作需要 ${role} 角色；该令牌的角色是 ${principal.role}。`,
    });
  }
  return principal;
}

import { includesRole, type Principal, type Role } from '../access/principal.ts';
import { accessEnded, noRight } from '../access/refusals.ts';
import { AppError } from '../domain/errors.ts';
import type { Context } from './context.ts';

/** Returns the principal of the request if it has at least `role`. Throws otherwise. */
export function authorize(ctx: Pick<Context, 'principal' | 'accessClock'>, role: Role): Principal {
  const { principal } = ctx;
  if (principal instanceof AppError) throw principal;
  // A WebSocket can stay open after the token it was opened with has expired or been revoked.
  const { ended, expiresAtMs } = principal;
  const isOver = expiresAtMs !== null && expiresAtMs <= ctx.accessClock.wallMs();
  if (ended.aborted || isOver) throw accessEnded();
  if (!includesRole(principal.role, role)) throw noRight(principal.role, role);
  return principal;
}

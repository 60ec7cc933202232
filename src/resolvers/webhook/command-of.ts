import type { AuditAction } from '../../domain/audit-action.ts';
import type { Command } from '../../store/user-commands.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';

/** Who changes a webhook, and when. */
export function commandOf(ctx: Context, action: AuditAction): Command {
  const { name: actor } = authorize(ctx, 'admin');
  return { actor, action, at: new Date(ctx.clock.wallMs()) };
}

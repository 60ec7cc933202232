import { permissionOf } from '../../domain/enforcement/permission.ts';
import { type AppliedState, type CutReason, cutReasonOf } from '../../domain/enforcement/policy.ts';
import { storedText, type Text } from '../../domain/errors.ts';
import type { UserRecord } from '../../store/records.ts';
import type { Context } from '../context.ts';
import { visibleFailure } from '../redaction.ts';

export interface Enforcement {
  readonly desired: 'PRESENT' | 'ABSENT';
  readonly applied: AppliedState;
  /** Why the user shall be absent; null when it shall be present. */
  readonly reason: CutReason | null;
  readonly lastError: Text | null;
  /** null is not known. */
  readonly since: Date | null;
}

/** What is asked for a user and whether it is in force. */
export async function enforcementOf(ctx: Context, user: UserRecord): Promise<Enforcement> {
  const reason = cutReasonOf(permissionOf(user), ctx.clock.wallMs());
  const desired = reason === null ? 'PRESENT' : 'ABSENT';
  const lastError = visibleFailure(ctx, storedText(user.enforcementError));
  const { manage } = ctx.config;
  const isLookedAfter = user.managed || reason !== null || user.removedByUs;
  if (!isLookedAfter || !manage) {
    const applied = await ctx.loaders.whereabouts.load(user.publicKey);
    const isHeld = manage || !isLookedAfter || applied === desired;
    return { desired, applied, reason, lastError: isHeld ? lastError : MANAGE_OFF, since: null };
  }
  // Decided since the last look at WireGuard, so that nothing has been done about it yet.
  const isNew =
    reason !== user.cutReason ||
    (user.configPending && desired === 'PRESENT' && !user.missing) ||
    user.applied === desiredOpposite(desired);
  const applied = isNew ? 'PENDING' : (user.applied as AppliedState);
  return { desired, applied, reason, lastError, since: user.appliedAt };
}

const MANAGE_OFF: Text = {
  en: 'WGQL_MANAGE=off forbids writing to WireGuard, so nothing is done about it.',
  zh: 'WGQL_MANAGE=off 禁止写入 WireGuard，因此不会执行任何操作。',
};

function desiredOpposite(desired: Enforcement['desired']): AppliedState {
  return desired === 'PRESENT' ? 'ABSENT' : 'PRESENT';
}

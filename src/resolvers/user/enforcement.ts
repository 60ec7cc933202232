import { permissionOf } from '../../domain/enforcement/permission.ts';
import { type AppliedState, type CutReason, cutReasonOf } from '../../domain/enforcement/policy.ts';
import { storedText, type Text } from '../../domain/errors.ts';
import type { UserRecord } from '../../store/records.ts';
import type { Context } from '../context.ts';
import { visibleFailure } from '../redaction.ts';

export interface Enforcement {
  readonly desired: 'PRESENT' | 'ABSENT';
  readonly applied: AppliedState;
  /** Why the peer must be absent; null if it must be present. */
  readonly reason: CutReason | null;
  readonly lastError: Text | null;
  /** null if unknown. */
  readonly since: Date | null;
}

/** Returns the required state of a user's peer and whether it is applied. */
export async function enforcementOf(ctx: Context, user: UserRecord): Promise<Enforcement> {
  const reason = cutReasonOf(permissionOf(user), ctx.clock.wallMs());
  const desired = desiredFor(reason);
  const lastError = visibleFailure(ctx, storedText(user.enforcementError));
  const { manage } = ctx.config;
  const isRequired = isEnforced(user, reason);
  if (!isRequired || !manage) {
    const applied = await ctx.loaders.whereabouts.load(user.publicKey);
    const isHeld = manage || !isRequired || applied === desired;
    return { desired, applied, reason, lastError: isHeld ? lastError : MANAGE_OFF, since: null };
  }
  const applied = isPending(user, reason) ? 'PENDING' : (user.applied as AppliedState);
  return { desired, applied, reason, lastError, since: user.appliedAt };
}

/** Whether wgql requires a state of the peer, rather than only watching it. */
export function isEnforced(user: UserRecord, reason: CutReason | null): boolean {
  return user.managed || reason !== null || user.removedByUs;
}

/** Whether the required state is not applied yet, although wgql may apply it. */
export function isPending(user: UserRecord, reason: CutReason | null): boolean {
  const desired = desiredFor(reason);
  // The required state may have changed after the last reconciliation.
  return (
    user.applied === 'PENDING' ||
    reason !== user.cutReason ||
    (user.configPending && desired === 'PRESENT' && !user.missing) ||
    user.applied === desiredOpposite(desired)
  );
}

function desiredFor(reason: CutReason | null): Enforcement['desired'] {
  return reason === null ? 'PRESENT' : 'ABSENT';
}

const MANAGE_OFF: Text = {
  en: 'WGQL_MANAGE=off forbids changes to WireGuard, so the required state is not applied; set WGQL_MANAGE=on to apply it.',
  zh: 'WGQL_MANAGE=off 禁止修改 WireGuard，因此所要求的状态不会生效；如需生效，请设置 WGQL_MANAGE=on。',
};

function desiredOpposite(desired: Enforcement['desired']): AppliedState {
  return desired === 'PRESENT' ? 'ABSENT' : 'PRESENT';
}

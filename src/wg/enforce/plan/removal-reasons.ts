import type { PolicyUpdate } from '../../../domain/enforcement/plan.ts';
import { cutReasonOf, type PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { Changes } from '../../../domain/tracking/changes.ts';
import type { RemovalReason } from '../../../domain/tracking/end-reason.ts';

/** Peers that left although wgql did not remove them. */
export function removedByOthers({ events }: Pick<Changes, 'events'>): ReadonlySet<string> {
  return new Set(
    events.flatMap(({ type, reason, publicKey }) =>
      type === 'PEER_REMOVED' && reason === null && publicKey !== null ? [publicKey] : [],
    ),
  );
}

/** Why peers are being removed or kept off, by public key, once the updates are in force. */
export function removalReasons(
  policies: readonly PeerPolicy[],
  updates: readonly PolicyUpdate[],
): Map<string, RemovalReason> {
  const changed = new Map(updates.map((update) => [update.userId, update.set]));
  const reasons = new Map<string, RemovalReason>();
  for (const policy of policies) {
    const set = changed.get(policy.userId);
    const reason = set?.cutReason === undefined ? policy.cutReason : set.cutReason;
    const isRemoved = set?.removedByUs ?? policy.removedByUs;
    const otherwise = policy.kickRequested ? 'KICKED' : 'MOVED';
    if (isRemoved || reason !== null) reasons.set(policy.publicKey, reason ?? otherwise);
  }
  return reasons;
}

/** Why peers must be off now, by public key, whether this is recorded yet or not. */
export function dueRemovals(
  policies: readonly PeerPolicy[],
  nowMs: number,
): ReadonlyMap<string, RemovalReason> {
  const reasons = removalReasons(policies, []);
  for (const policy of policies) {
    const reason = cutReasonOf(policy, nowMs);
    if (reason !== null) reasons.set(policy.publicKey, reason);
  }
  return reasons;
}

import type { Changes } from './changes.ts';
import { type CutReason, cutReasonOf, type PeerPolicy } from './policy.ts';
import type { KeyStep } from './take-away.ts';
import type { View } from './view.ts';

/** A peer to be silenced, and why. */
export interface HeldStep extends KeyStep {
  readonly reason: CutReason;
}

/**
 * The peers to be silenced while nothing can be recorded: those of users who may not be on, as far as that
 * is known, and of deleted ones. They are removed once their last bytes are booked.
 */
export function silencesOf(
  policies: readonly PeerPolicy[],
  deletedKeys: ReadonlySet<string>,
  { users }: Pick<Changes, 'users'>,
  { nowMs, reads }: Pick<View, 'nowMs' | 'reads'>,
): HeldStep[] {
  const unbooked = new Map(
    users.map((user) => [
      user.publicKey,
      user.rxBytes - user.openingRxBytes + user.txBytes - user.openingTxBytes,
    ]),
  );
  const due = policies.flatMap((policy) => {
    const { publicKey, userId } = policy;
    const quotaUsedBytes = policy.quotaUsedBytes + (unbooked.get(publicKey) ?? 0n);
    const reason = cutReasonOf({ ...policy, quotaUsedBytes }, nowMs);
    return reason === null ? [] : [{ publicKey, userId, reason }];
  });
  const deleted = [...deletedKeys].map((publicKey) => ({ publicKey, reason: 'DELETED' as const }));
  return [...reads].flatMap(([name, peers]) =>
    [...due, ...deleted]
      .filter(({ publicKey }) => (peers.get(publicKey)?.allowedIps.length ?? 0) > 0)
      .map((held) => ({ interface: name, ...held })),
  );
}

import {
  type CutReason,
  cutReasonOf,
  type PeerPolicy,
} from '../../../domain/enforcement/policy.ts';
import type { Changes } from '../../../domain/tracking/changes.ts';
import type { PeerSnapshot } from '../../../domain/wireguard/snapshot.ts';
import type { Observed } from '../observed.ts';
import type { KeyStep } from '../peers/remove-peers.ts';

/** A peer whose allowed IPs must be cleared or, if they are, that must be removed, and the reason. */
export interface HeldStep extends KeyStep {
  readonly reason: CutReason;
  /** The peer as it was read last. */
  readonly peer: PeerSnapshot;
}

/**
 * The peers to remove while nothing can be recorded: those of users who must be off, as far as that is known,
 * and of deleted users.
 */
export function heldSteps(
  policies: readonly PeerPolicy[],
  deletedKeys: ReadonlySet<string>,
  { users }: Pick<Changes, 'users'>,
  { nowMs, reads }: Pick<Observed, 'nowMs' | 'reads'>,
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
    [...due, ...deleted].flatMap((one) => {
      const peer = peers.get(one.publicKey);
      return peer === undefined ? [] : [{ interface: name, ...one, peer }];
    }),
  );
}

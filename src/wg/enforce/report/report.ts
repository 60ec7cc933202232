import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { PolicyReport } from '../../../domain/enforcement/policy-store.ts';
import type { Text } from '../../../domain/errors.ts';

/** The results to record for a user's peer after acting on it; nothing if nothing changed. */
export function reportOf(
  policy: PeerPolicy,
  failures: ReadonlyMap<number, Text>,
  configuredIds: ReadonlySet<number>,
  limitedIds: ReadonlySet<number>,
  hintOf: (policy: PeerPolicy) => Text | null,
): PolicyReport[] {
  const { userId, bandwidthBytesPerSecond } = policy;
  const failure = failures.get(userId) ?? null;
  const error = failure ?? hintOf(policy);
  const configured = configuredIds.has(userId);
  const limited = failure === null && limitedIds.has(userId) && bandwidthBytesPerSecond > 0n;
  const hasChanged = error?.en !== policy.error?.en;
  if (!hasChanged && !limited && !(configured && policy.configPending)) return [];
  const { revision } = policy;
  return [
    {
      userId,
      revision,
      error,
      isNewFailure: hasChanged && failure !== null,
      configured,
      limited,
    },
  ];
}

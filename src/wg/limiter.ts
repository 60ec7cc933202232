import type { Text } from '../errors.ts';
import { attempt } from './attempt.ts';
import type { TrafficControl } from './nft/traffic-control.ts';
import type { PeerPolicy } from './policy.ts';
import type { PeerReading } from './reading.ts';
import { wantedControl } from './wanted-control.ts';

type Reads = ReadonlyMap<string, ReadonlyMap<string, PeerReading>>;

/**
 * Brings nftables to what is wanted, and answers whose limits changed. Without any limit it is left
 * alone once it is known to hold nothing, so that a machine without nft lacks nothing.
 */
export function limiter(control: TrafficControl) {
  let mayHoldLimits = true;
  return async (
    policies: readonly PeerPolicy[],
    reads: Reads,
    failures: Map<number, Text>,
    signal: AbortSignal,
  ): Promise<ReadonlySet<number>> => {
    const wanted = wantedControl(policies, reads);
    const isWanted = wanted.bandwidth.length > 0 || wanted.quotas.length > 0;
    if (!isWanted && !mayHoldLimits) return new Set();
    let changed: readonly number[] = [];
    await attempt(
      async () => {
        changed = (await control.apply(wanted, signal)).changedUserIds;
      },
      (text) => {
        const limited = policies.filter(({ bandwidthBytesPerSecond: limit }) => limit > 0n);
        for (const { userId } of limited) failures.set(userId, text);
      },
    );
    mayHoldLimits = isWanted;
    return new Set(changed);
  };
}

import type { Text } from '../errors.ts';
import { attempt } from './attempt.ts';
import { addFailure, type Failures } from './failures.ts';
import type { LimitablePeers } from './limitable.ts';
import { canQuote, NO_NAME_FOR_NFT } from './nft/names.ts';
import type { TrafficControl } from './nft/traffic-control.ts';
import type { PeerPolicy } from './policy.ts';
import { wantedControl } from './wanted-control.ts';

/** Whose bandwidth is limited anew, and what stands in the way of them all; null is nothing. */
export interface Limited {
  readonly limitedIds: ReadonlySet<number>;
  readonly problem: Text | null;
}

/**
 * Brings nftables to what is wanted, and answers whose bandwidth that limits anew. Without any limit
 * it is left alone once it is known to hold nothing, so that a machine without nft lacks nothing.
 */
export function limiter(control: TrafficControl) {
  let mayHoldLimits = true;
  return async (
    policies: readonly PeerPolicy[],
    peers: LimitablePeers,
    unread: ReadonlySet<string>,
    nowMs: number,
    failures: Failures,
    signal: AbortSignal,
  ): Promise<Limited> => {
    const [reachable, others] = byReach(peers);
    const concerned = policies.filter(({ bandwidthBytesPerSecond: limit }) => limit > 0n);
    for (const { userId, publicKey } of concerned) {
      const isOutOfReach = others.some((those) => those.has(publicKey));
      if (isOutOfReach) addFailure(failures, userId, NO_NAME_FOR_NFT);
    }
    const wanted = wantedControl(policies, reachable, unread, nowMs);
    const isWanted = wanted.bandwidth.length > 0 || wanted.quotas.length > 0;
    if (!isWanted && !mayHoldLimits) return { limitedIds: new Set(), problem: null };
    let limited: readonly number[] = [];
    let problem: Text | null = null;
    await attempt(
      async () => {
        limited = (await control.apply(wanted, signal)).limitedUserIds;
        mayHoldLimits = isWanted;
      },
      (text) => {
        problem = text;
        for (const { userId } of concerned) addFailure(failures, userId, text);
      },
    );
    return { limitedIds: new Set(limited), problem };
  };
}

/** The peers of interfaces that nft can be told of, and of each other one. */
function byReach(peers: LimitablePeers) {
  const reachable = new Map([...peers].filter(([name]) => canQuote(name)));
  const others = [...peers].flatMap(([name, those]) => (canQuote(name) ? [] : [those]));
  return [reachable, others] as const;
}

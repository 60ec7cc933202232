import type { PeerPolicy } from '../../domain/enforcement/policy.ts';

/** The shortest time between polls: reading and writing take time too. */
const CLOSEST_POLL_MS = 100;

/**
 * Returns when the next poll is due so that no user far exceeds its quota: after half the time that the user
 * closest to its quota needs to use it up, at its rate since the last call.
 */
export function nextPollForQuota(): (
  policies: readonly PeerPolicy[],
  nowMonotonicMs: number,
) => number | null {
  let seen = new Map<number, { readonly used: bigint; readonly atMs: number }>();
  return (policies, nowMs) => {
    const next: typeof seen = new Map();
    let soonest: number | null = null;
    for (const { userId, quotaLimitBytes: limit, quotaUsedBytes: used } of policies) {
      if (limit === null || used >= limit) continue;
      next.set(userId, { used, atMs: nowMs });
      const before = seen.get(userId);
      if (before === undefined || used <= before.used || nowMs <= before.atMs) continue;
      const bytesPerMs = Number(used - before.used) / (nowMs - before.atMs);
      const msLeft = Number(limit - used) / bytesPerMs;
      const wanted = Math.max(CLOSEST_POLL_MS, msLeft / 2);
      soonest = soonest === null ? wanted : Math.min(soonest, wanted);
    }
    seen = next;
    return soonest;
  };
}

import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/time/clock.ts';

/** Failed tries that one client has in a minute before it is told to wait. */
const TRIES = 10;
const WINDOW_MS = 60_000;

/** Clients that are remembered; beyond them the one that failed longest ago is forgotten. */
const MAX_CLIENTS = 10_000;

/**
 * Counts failed tries by client. For the tokens of the database it only ever answers failed ones: whoever
 * holds a right one gets in from an address where others guess, since 256 random bits are not guessed
 * anyway, while a lock would let anybody behind the same address shut everybody out. What a person made up
 * may be guessed, so `WGQL_TOKEN` is not looked at for a client that has no tries left.
 */
export interface FailedTries {
  /** Counts one; answers how many seconds to wait, or null while there is no need to. */
  add(client: string): number | null;
  /** Whether the next one that fails is told to wait. */
  areUsedUp(client: string): boolean;
}

export function countFailedTries(clock: Pick<Clock, 'monotonicMs'>): FailedTries {
  const counts = new LRUCache<string, number>({
    max: MAX_CLIENTS,
    ttl: WINDOW_MS,
    // The window begins with the first failure and is not moved on by those that follow.
    noUpdateTTL: true,
    ttlResolution: 0,
    perf: { now: clock.monotonicMs },
  });
  return {
    add: (client) => {
      const count = (counts.get(client) ?? 0) + 1;
      counts.set(client, count);
      if (count <= TRIES) return null;
      return Math.max(1, Math.ceil(counts.getRemainingTTL(client) / 1000));
    },
    areUsedUp: (client) => (counts.get(client) ?? 0) >= TRIES,
  };
}

import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/time/clock.ts';

/** The failed attempts that a client may make per window before it must wait. */
const TRIES = 10;
const WINDOW_MS = 60_000;

/** The number of clients tracked; beyond it, the one whose last failure is oldest is dropped. */
const MAX_CLIENTS = 10_000;

/**
 * Counts failed attempts by client. A valid token from the database is always accepted, even from an
 * address with many failures: its 256 random bits cannot be guessed, and a lock would allow anyone behind
 * a shared address to lock out the others. `WGQL_TOKEN` may have been chosen by a person and so be
 * guessable; it is not checked for a client that has used up its attempts.
 */
export interface FailedTries {
  /** Counts a failure. Returns the seconds the client must wait, or null if it need not wait. */
  add(client: string): number | null;
  /** Whether the client must wait after its next failure. */
  areUsedUp(client: string): boolean;
}

export function countFailedTries(clock: Pick<Clock, 'monotonicMs'>): FailedTries {
  const counts = new LRUCache<string, number>({
    max: MAX_CLIENTS,
    ttl: WINDOW_MS,
    // The window begins with the first failure; later failures do not extend it.
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

import type { Clock } from './clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What is kept of the clock between two starts. */
export interface ClockRecord {
  /** The wall clock when it was believed last; null is never. */
  readonly trustedAtMs: number | null;
  /** How much time has been seen to pass since it is in doubt. */
  readonly seenMs: number;
}

/**
 * Whether records may be dropped because of their age. Not until a day has been seen to pass after the clock
 * went on by more than a day that was not: it may be wrong, as on a machine without a battery, and what was
 * dropped is gone when it is set right. The doubt outlives the process, or the next start would believe
 * what the one before recorded.
 */
export interface ClockTrust {
  /** Looks at the clock. */
  mayDropByAge(): boolean;
  /** As of the last look; to be kept. */
  record(): ClockRecord;
}

export function clockTrust(clock: Clock, kept: ClockRecord): ClockTrust {
  let trustedAtMs = kept.trustedAtMs ?? clock.wallMs();
  let monotonicMs = clock.monotonicMs();
  /** How much time was seen to pass in doubt; null is no doubt. */
  let seenMs: number | null = null;
  const look = (passedMs: number, seenBefore: number) => {
    const jumpMs = clock.wallMs() - trustedAtMs - passedMs;
    const isDoubted = jumpMs > DAY_MS && seenBefore + passedMs < DAY_MS;
    if (isDoubted) seenMs = seenBefore + passedMs;
    else {
      seenMs = null;
      trustedAtMs = clock.wallMs();
    }
  };
  look(0, kept.seenMs);
  return {
    mayDropByAge: () => {
      const passedMs = clock.monotonicMs() - monotonicMs;
      monotonicMs += passedMs;
      look(passedMs, seenMs ?? 0);
      return seenMs === null;
    },
    record: () => ({ trustedAtMs, seenMs: seenMs ?? 0 }),
  };
}

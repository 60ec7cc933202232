import type { Clock } from './clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The state of the clock kept between two starts. */
export interface ClockRecord {
  /** The wall clock when it was last trusted; null means never. */
  readonly trustedAtMs: number | null;
  /** How much time has been seen to pass since it is in doubt. */
  readonly seenMs: number;
}

/**
 * Whether records may be deleted because of their age. If the clock advanced by more than a day that was not
 * observed, it may be wrong, as on a machine without a battery, and deleted records would be lost when it is
 * corrected; so nothing is deleted until a day has been observed to pass. The doubt is stored beyond the
 * process, or the next start would trust the times that the previous one recorded.
 */
export interface ClockTrust {
  /** Reads the clock. */
  mayDropByAge(): boolean;
  /** As of the last read; to be stored. */
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

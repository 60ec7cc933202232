import type { Clock } from './clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What the wall clock did between two looks at it. */
export interface ClockTrust {
  /**
   * Whether records may be dropped because of their age. Not within a day after the clock went on by more
   * than a day that this process has not seen pass: it may be wrong, as on a machine without a battery, and
   * what was dropped is gone when it is set right.
   */
  mayDropByAge(): boolean;
  /** Whether the clock was set back since the last call, so that records may lie in the future. */
  wasSetBack(): boolean;
}

/** `lastRecordedMs` is the newest time in the database from before this start; null is none. */
export function clockTrust(clock: Clock, lastRecordedMs: number | null): ClockTrust {
  let wallMs = lastRecordedMs ?? clock.wallMs();
  let monotonicMs = clock.monotonicMs();
  let doubtedSinceMs: number | null = null;
  let isSetBack = false;
  const look = () => {
    const nowMs = clock.wallMs();
    const nowMonotonicMs = clock.monotonicMs();
    const jumpMs = nowMs - wallMs - (nowMonotonicMs - monotonicMs);
    if (jumpMs > DAY_MS) doubtedSinceMs = nowMonotonicMs;
    if (jumpMs < -MINUTE_MS) isSetBack = true;
    wallMs = nowMs;
    monotonicMs = nowMonotonicMs;
  };
  return {
    mayDropByAge: () => {
      look();
      return doubtedSinceMs === null || clock.monotonicMs() - doubtedSinceMs >= DAY_MS;
    },
    wasSetBack: () => {
      look();
      const answer = isSetBack;
      isSetBack = false;
      return answer;
    },
  };
}

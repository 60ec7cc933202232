/** Where time comes from. Tests put their own clock here; nothing else reads the time. */
export interface Clock {
  /** Wall clock, in milliseconds since 1970; an operator may set it back or forth. */
  wallMs(): number;
  /** Never goes back, in milliseconds since an unnamed instant. Ages are measured on it. */
  monotonicMs(): number;
}

/** One instant on both clocks. */
export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export function instantOf(clock: Clock): Instant {
  return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
}

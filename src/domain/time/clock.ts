/** The source of time. Tests use their own clock; no other code reads the time. */
export interface Clock {
  /** Wall clock, in milliseconds since 1970; an operator may set it back or forth. */
  wallMs(): number;
  /** Never goes back, in milliseconds since an unnamed instant. Ages are measured on it. */
  monotonicMs(): number;
  /** Resolves after this time, or at once when the signal is or gets aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** One instant on both clocks. */
export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
    }),
};

export function instantOf(clock: Clock): Instant {
  return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
}

import { withTimeLimit } from '../async/deadline.ts';
import { inTurns } from '../async/in-turns.ts';
import { AppError, joinTexts, type Text } from '../domain/errors.ts';
import { type Clock, type Instant, instantOf } from '../domain/time/clock.ts';
import type { Changes } from '../domain/tracking/changes.ts';
import type { TrackingConstants } from '../domain/tracking/constants.ts';
import type { TrackerState } from '../domain/tracking/tracker-state.ts';
import type { ReadSnapshot } from '../domain/wireguard/snapshot.ts';
import { errorCodeOf } from '../tracing/error-code.ts';
import type { Tracer } from '../tracing/tracer.ts';
import { type Enforced, type Enforcer, NOTHING_DONE } from './enforcer.ts';
import { readingProblem } from './read/problem.ts';
import { forgetUsers } from './track/forget-users.ts';
import { track } from './track/tracker.ts';
import { withoutFuture } from './track/without-future.ts';

export interface PollerOptions<Committed> {
  readonly read: ReadSnapshot;
  /** Writes all of it or rejects; its result is passed to `onCommitted`. */
  readonly record: (changes: Changes) => Promise<Committed>;
  readonly onCommitted: (committed: Committed) => void;
  readonly enforcer: Enforcer;
  /** Called when the wall clock was set back, so that records lie in the future. */
  readonly onSetBack: () => void;
  /** Called after every poll, including failed ones. */
  readonly onPolled: (durationMs: number) => void;
  /** Called when the current problem changes; null means that there is none. */
  readonly onProblem: (problem: Text | null, cause?: unknown) => void;
  /** null: traces are off. */
  readonly tracer?: Tracer | null;
  readonly clock: Clock;
  readonly constants: TrackingConstants;
}

/** The state of the monitoring. */
export interface PollerStatus {
  readonly running: boolean;
  /** The time of the last poll that read at least one interface and was written; null if there was none. */
  readonly lastPollAt: Date | null;
  /** The current problem, or null. */
  readonly problem: Text | null;
  /** false: the data read last could not be written. */
  readonly isWritten: boolean;
  /** The numbers may be out of date: something was not read for longer than the online window. */
  readonly stale: boolean;
}

export interface Poller {
  /** Starts from this state instead of an empty one. Must be called before the start. */
  adopt(state: TrackerState): void;
  start(): void;
  /** Polls at once; resolves when a poll that began after this call has been acted on. */
  pollNow(): Promise<void>;
  /** Stops after one last poll, which books the bytes moved until now. */
  stop(): Promise<void>;
  status(): PollerStatus;
  /** The state after the last poll that was recorded. */
  tracked(): TrackerState;
}

/**
 * A kick clears the allowed IPs, removes the peer, restores it and reads it back; then other work may run.
 */
const MAX_ROUNDS = 6;

/** Small corrections of the clock are normal; times further in the future than this are moved to now. */
const SET_BACK_MS = 60_000;

/** The last poll must not delay the stop. */
const LAST_POLL_MS = 1_500;

/**
 * Reads, tracks and records, then adopts the new state; one poll at a time, each at least an interval after
 * the last.
 */
export function createPoller<Committed>(options: PollerOptions<Committed>): Poller {
  const { clock, enforcer, constants, tracer = null } = options;
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  let state: TrackerState = { interfaces: new Map(), users: new Map() };
  let running = false;
  let startedMs = 0;
  let lastGood: { readonly at: Date; readonly monotonicMs: number } | null = null;
  let problem: Text | null = null;
  let isWritten = true;
  let lastLook: Instant | null = null;
  let wake = new AbortController();
  const wanted: (() => void)[] = [];

  /** Whether the wall clock went back since the last poll. */
  const isSetBack = (now: Instant): boolean => {
    if (lastLook === null) return false;
    const passedMs = now.monotonicMs - lastLook.monotonicMs;
    return now.wallMs - lastLook.wallMs < passedMs - SET_BACK_MS;
  };

  const settle = (next: Text | null, cause?: unknown) => {
    const hasChanged = next?.en !== problem?.en;
    problem = next;
    if (hasChanged) options.onProblem(next, cause);
  };

  const readOnce = async (signal: AbortSignal): Promise<Enforced> => {
    const snapshot = enforcer.complete(await options.read(signal));
    // An interrupted read is no failure; the last poll reads again.
    if (isInterrupted(signal)) return NOTHING_DONE;
    const now = instantOf(clock);
    const ownActions = await enforcer.ownActions();
    state = forgetUsers(state, ownActions.erased);
    if (isSetBack(now)) {
      state = withoutFuture(state, Math.round(now.wallMs));
      options.onSetBack();
    }
    lastLook = now;
    const next = await inTurns(track(state, snapshot, now, constants, ownActions));
    const committed = await options.record(next.changes).catch(async (error: unknown) => {
      isWritten = false;
      await enforcer.hold(snapshot, next.changes, now, signal);
      throw error;
    });
    isWritten = true;
    state = next.state;
    if (snapshot.interfaces.some(({ read }) => read.kind === 'read')) {
      lastGood = { at: new Date(now.wallMs), monotonicMs: now.monotonicMs };
    }
    options.onCommitted(committed);
    const enforced = await enforcer
      .enforce(snapshot, next.changes, now, signal)
      .catch(async (error: unknown) => {
        // These bytes are booked already; the new state is adopted so that they are not counted twice.
        await enforcer.hold(snapshot, { ...next.changes, users: [] }, now, signal);
        throw error;
      });
    settle(joinTexts([readingProblem(snapshot), enforced.problem]));
    return enforced;
  };

  /** Returns how long to wait until the next poll. */
  const pollOnce = async (signal: AbortSignal): Promise<number> => {
    const begunMs = clock.monotonicMs();
    let restMs = constants.pollIntervalMs;
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const { hasWritten, pollWithinMs, again } = await readOnce(signal);
        void again?.then(() => wake.abort());
        restMs = Math.min(restMs, pollWithinMs ?? constants.pollIntervalMs);
        if (!hasWritten) break;
      }
    } catch (error) {
      tracer?.active()?.fail(errorCodeOf(error));
      if (!isInterrupted(signal))
        settle(error instanceof AppError ? error.text : POLL_FAILED, error);
    }
    options.onPolled(clock.monotonicMs() - begunMs);
    return restMs;
  };
  const poll =
    tracer === null
      ? pollOnce
      : (signal: AbortSignal) => tracer.root('poll', () => pollOnce(signal));

  const isInterrupted = (signal: AbortSignal) => signal === stopping.signal && signal.aborted;

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const begunMs = clock.monotonicMs();
      const waiting = wanted.splice(0);
      wake = new AbortController();
      const restMs = await poll(stopping.signal);
      for (const resolve of waiting) resolve();
      if (wanted.length > 0) continue;
      const elapsedMs = clock.monotonicMs() - begunMs;
      if (stopping.signal.aborted) break;
      await clock.sleep(Math.max(0, restMs - elapsedMs), wake.signal);
    }
    // What is not read in time is booked after the next start.
    await withTimeLimit(LAST_POLL_MS, null, poll).catch(() => {});
    running = false;
    for (const resolve of wanted.splice(0)) resolve();
  };

  const isStale = (): boolean => {
    const nowMs = clock.monotonicMs();
    const isOld = (ms: number) => nowMs - ms > constants.onlineMs + constants.pollIntervalMs;
    if (isOld(lastGood?.monotonicMs ?? startedMs)) return true;
    return [...state.interfaces.values()].some(({ up, lastReadMs }) => up && isOld(lastReadMs));
  };

  return {
    adopt: (initial) => {
      state = initial;
    },
    start: () => {
      running = true;
      startedMs = clock.monotonicMs();
      loop = run();
    },
    pollNow: () => {
      if (!running) return Promise.resolve();
      return new Promise((resolve) => {
        wanted.push(resolve);
        wake.abort();
      });
    },
    stop: async () => {
      stopping.abort();
      wake.abort();
      await loop;
    },
    tracked: () => state,
    status: () => ({
      running,
      lastPollAt: lastGood?.at ?? null,
      problem,
      isWritten,
      stale: isStale(),
    }),
  };
}

const POLL_FAILED: Text = {
  en: 'A poll failed because of an internal error; see the log for the reason. The next poll repeats its work.',
  zh: '一次轮询因内部错误失败，原因见日志；下一次轮询会重新执行。',
};

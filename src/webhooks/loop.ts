import { setMaxListeners } from 'node:events';
import type { Log } from '../domain/log.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { Bus, Subscription } from '../live/bus.ts';
import type { Topics } from '../live/topics.ts';
import { logFailure } from './log.ts';

/** A step of one webhook. Steps of the same id never run at the same time. */
export interface Task {
  readonly id: number;
  /** Rejects if the signal is aborted, or if nothing could be recorded. */
  readonly run: (stop: AbortSignal) => Promise<void>;
}

export interface Plan {
  /** One task for each webhook that has work. */
  readonly tasks: readonly Task[];
  /** When there is more work even if nothing is committed; null: never. */
  readonly waitMs: number | null;
  /** No webhook could have work, whatever is committed. */
  readonly isIdle: boolean;
}

export interface LoopOptions {
  readonly plan: () => Promise<Plan>;
  readonly maxInFlight: number;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The wall clock may be set, so a wait is not trusted for longer. */
const LONGEST_WAIT_MS = 60_000;

/** After a failure of the database, in which a message may have been sent that could not be recorded. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/** How long a stop waits for responses that are about to arrive. */
const GRACE_MS = 100;

interface Pause {
  readonly ms: number;
  /** On the monotonic clock. */
  readonly untilMs: number;
}

export interface WorkLoop {
  start(): void;
  stop(): Promise<void>;
  look(): void;
  /** Aborted by a stop once its grace is over. */
  readonly stopping: AbortSignal;
}

/** Runs the tasks of plans, and plans again when a task has ended, something was committed, or time has passed. */
export function workLoop({ plan, maxInFlight, bus, clock, log }: LoopOptions): WorkLoop {
  const running = new Map<number, Promise<void>>();
  /** When each webhook had its last turn, in steps of one. */
  const turns = new Map<number, number>();
  const pauses = new Map<number, Pause>();
  const [ending, stopping] = [new AbortController(), new AbortController()];
  // Each message in flight listens.
  setMaxListeners(0, stopping.signal);
  let turn = 0;
  let isIdle = false;
  let hasFailed = false;
  let wake = () => {};
  let ended: Promise<void> = Promise.resolve();
  let subscription: Subscription<Topics['commit']> | null = null;

  /** Only the first failure is logged, and each pause is longer than the one before. */
  const pause = (id: number, error: unknown) => {
    const before = pauses.get(id);
    const ms = Math.min((before?.ms ?? FIRST_PAUSE_MS / 2) * 2, LONGEST_PAUSE_MS);
    pauses.set(id, { ms, untilMs: clock.monotonicMs() + ms });
    if (before === undefined) logFailure(log, error);
  };

  const begin = ({ id, run }: Task) => {
    turns.set(id, ++turn);
    const task = run(stopping.signal)
      .then(() => void pauses.delete(id))
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) pause(id, error);
      })
      .finally(() => {
        running.delete(id);
        wake();
      });
    running.set(id, task);
  };

  /** Starts what may be started, those first that waited longest. Returns how long to wait. */
  const step = async (): Promise<number | null> => {
    const planned = await plan();
    isIdle = planned.isIdle;
    const nowMs = clock.monotonicMs();
    const isPaused = ({ id }: Task) => (pauses.get(id)?.untilMs ?? 0) > nowMs;
    const ready = planned.tasks
      .filter((task) => !running.has(task.id) && !isPaused(task))
      .toSorted((a, b) => (turns.get(a.id) ?? 0) - (turns.get(b.id) ?? 0));
    for (const task of ready.slice(0, Math.max(0, maxInFlight - running.size))) begin(task);
    return planned.tasks.some(isPaused) ? FIRST_PAUSE_MS : planned.waitMs;
  };

  const run = async () => {
    while (!ending.signal.aborted) {
      const awake = new AbortController();
      wake = () => awake.abort();
      ending.signal.addEventListener('abort', wake, { signal: awake.signal });
      const waitMs = await step().then(
        (ms) => {
          hasFailed = false;
          return ms;
        },
        (error: unknown) => {
          if (!hasFailed) logFailure(log, error);
          hasFailed = true;
          return FIRST_PAUSE_MS;
        },
      );
      if (waitMs === null) await aborted(awake.signal);
      else await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS), awake.signal);
      awake.abort();
    }
  };

  const follow = async (commits: Subscription<Topics['commit']>) => {
    for await (const _ of commits) if (!isIdle) wake();
  };

  return {
    start: () => {
      subscription = bus.subscribe('commit');
      void follow(subscription);
      ended = run();
    },
    stop: async () => {
      subscription?.close();
      ending.abort();
      await ended;
      const timer = setTimeout(() => stopping.abort(), GRACE_MS);
      await Promise.all(running.values());
      clearTimeout(timer);
      stopping.abort();
    },
    look: () => wake(),
    stopping: stopping.signal,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}

import { type Clock, instantOf } from '../clock.ts';
import { AppError, type Text } from '../errors.ts';
import type { Changes } from './changes.ts';
import type { ReadSnapshot, Snapshot } from './reading.ts';
import type { TrackerState } from './state.ts';
import { track } from './tracker.ts';
import type { Window } from './window.ts';

export interface PollerOptions<Committed> {
  readonly read: ReadSnapshot;
  /** Writes all of it or rejects; what it answers goes to `onCommitted`. */
  readonly record: (changes: Changes) => Promise<Committed>;
  readonly onCommitted: (committed: Committed) => void;
  /** Told when what stands in the way changes; null is nothing. */
  readonly onProblem: (problem: Text | null, cause?: unknown) => void;
  readonly clock: Clock;
  readonly window: Window;
}

/** How the watching goes. */
export interface PollerStatus {
  readonly running: boolean;
  /** The last poll that read at least one interface and was written; null is none yet. */
  readonly lastPollAt: Date | null;
  /** What stands in the way now; null is nothing. */
  readonly problem: Text | null;
  /** The numbers may be out of date: for longer than the online window something was not read. */
  readonly stale: boolean;
}

export interface Poller {
  start(state: TrackerState): void;
  /** Ends after one last poll, which books what moved until now. */
  stop(): Promise<void>;
  status(): PollerStatus;
}

/** The last poll must not hold up the stop; what it does not read is booked after the next start. */
const LAST_POLL_MS = 3_000;

/** Reads, tracks, records, then adopts; one poll at a time, each at least an interval after the last. */
export function createPoller<Committed>(options: PollerOptions<Committed>): Poller {
  const { clock, window } = options;
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  let state: TrackerState = { interfaces: new Map(), users: new Map() };
  let running = false;
  let startedMs = 0;
  let lastGood: { readonly at: Date; readonly monotonicMs: number } | null = null;
  let problem: Text | null = null;

  const settle = (next: Text | null, cause?: unknown) => {
    const hasChanged = next?.en !== problem?.en;
    problem = next;
    if (hasChanged) options.onProblem(next, cause);
  };

  const poll = async (signal: AbortSignal): Promise<void> => {
    try {
      const snapshot = await options.read(signal);
      // What a stop interrupted says nothing; the last poll reads it again.
      if (signal === stopping.signal && signal.aborted) return;
      const now = instantOf(clock);
      const next = track(state, snapshot, now, window);
      const committed = await options.record(next.changes);
      state = next.state;
      if (snapshot.interfaces.some(({ read }) => read.kind === 'read')) {
        lastGood = { at: new Date(now.wallMs), monotonicMs: now.monotonicMs };
      }
      settle(problemOf(snapshot));
      options.onCommitted(committed);
    } catch (error) {
      if (signal === stopping.signal && signal.aborted) return;
      settle(error instanceof AppError ? error.text : NOT_WRITTEN, error);
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const begunMs = clock.monotonicMs();
      await poll(stopping.signal);
      const restMs = window.pollIntervalMs - (clock.monotonicMs() - begunMs);
      await rest(Math.max(0, restMs), stopping.signal);
    }
    await poll(AbortSignal.timeout(LAST_POLL_MS));
    running = false;
  };

  const isStale = (): boolean => {
    const nowMs = clock.monotonicMs();
    const isOld = (ms: number) => nowMs - ms > window.onlineMs + window.pollIntervalMs;
    if (isOld(lastGood?.monotonicMs ?? startedMs)) return true;
    return [...state.interfaces.values()].some(({ up, lastReadMs }) => up && isOld(lastReadMs));
  };

  return {
    start: (initial) => {
      state = initial;
      running = true;
      startedMs = clock.monotonicMs();
      loop = run();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
    status: () => ({ running, lastPollAt: lastGood?.at ?? null, problem, stale: isStale() }),
  };
}

/** Waits; ends at once when the signal says so. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

function problemOf(snapshot: Snapshot): Text | null {
  for (const { name, read } of snapshot.interfaces) {
    if (read.kind === 'unknown') return about(name, read.reason);
    const [unknownPeer] = read.unknownPeers;
    if (unknownPeer !== undefined) {
      return about(`${name} (${unknownPeer.publicKey})`, unknownPeer.reason);
    }
  }
  return snapshot.notice;
}

function about(subject: string, reason: Text): Text {
  return { en: `${subject}: ${reason.en}`, zh: `${subject}：${reason.zh}` };
}

const NOT_WRITTEN: Text = {
  en: 'What was read could not be written; check the disk and the log. It is written with the next poll that succeeds.',
  zh: '读取的数据无法写入；请检查磁盘和日志。下一次成功的轮询会补写。',
};

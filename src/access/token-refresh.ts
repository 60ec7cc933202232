import type { Clock } from '../domain/time/clock.ts';
import type { StoredAccess, TokenRegistry, TokenUse } from './token-registry.ts';

/** Where access is kept. */
export interface AccessStore {
  load(): Promise<StoredAccess>;
  markUsed(uses: readonly TokenUse[]): Promise<void>;
  /** From now on a token is asked for, whatever becomes of the tokens. */
  requireAuthentication(at: Date): Promise<void>;
}

export interface TokenRefreshOptions {
  readonly book: TokenRegistry;
  readonly store: AccessStore;
  readonly clock: Clock;
  /** How often what is kept is looked at, so that another process's changes act. */
  readonly everyMs: number;
  /** Told once when it cannot be looked at, and with null when it can again. */
  readonly onProblem: (error: unknown) => void;
}

/** Keeps the book as the store has it. */
export interface TokenRefresh {
  /** Looks now: resolves when the book holds all that was committed before the call. */
  refresh(): Promise<void>;
  /** Looks again and again from now on. */
  start(): void;
  stop(): Promise<void>;
}

/** Uses are written at most this often: the time of the last one is for people. */
const MARK_EVERY_MS = 60_000;

export function createTokenRefresh({
  book,
  store,
  clock,
  everyMs,
  onProblem,
}: TokenRefreshOptions): TokenRefresh {
  let newest: Promise<void> = Promise.resolve();
  let ticking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let hasFailed = false;
  let last: StoredAccess | null = null;
  let markedMs = Number.NEGATIVE_INFINITY;

  const markUses = async () => {
    const uses = book.drainUses();
    if (uses.length === 0) return;
    markedMs = clock.monotonicMs();
    await store.markUsed(uses);
  };

  const look = async () => {
    last = await store.load();
    book.adopt(last);
  };
  // One after the other, so that an older look never replaces a newer one.
  const refresh = () => {
    newest = newest.catch(() => {}).then(look);
    return newest;
  };

  const tick = async () => {
    try {
      await refresh();
      if (clock.monotonicMs() - markedMs >= MARK_EVERY_MS) await markUses();
      if (hasFailed) onProblem(null);
      hasFailed = false;
    } catch (error) {
      // What has run out ends also while nobody can look.
      if (last !== null) book.adopt(last);
      if (!hasFailed) onProblem(error);
      hasFailed = true;
    }
    if (!isStopped) schedule();
  };
  const schedule = () => {
    timer = setTimeout(() => {
      ticking = tick();
    }, everyMs);
  };

  return {
    refresh,
    start: schedule,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await ticking;
      await markUses().catch(onProblem);
    },
  };
}

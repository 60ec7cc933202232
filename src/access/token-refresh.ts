import type { Clock } from '../domain/time/clock.ts';
import type { StoredAccess, TokenRegistry, TokenUse } from './token-registry.ts';

/** The storage of tokens. */
export interface AccessStore {
  load(): Promise<StoredAccess>;
  markUsed(uses: readonly TokenUse[]): Promise<void>;
  /** Makes a token required from now on, even if all tokens end. */
  requireAuthentication(at: Date): Promise<void>;
}

export interface TokenRefreshOptions {
  readonly registry: TokenRegistry;
  readonly store: AccessStore;
  readonly clock: Clock;
  /** How often the store is read, so that changes by other processes take effect. */
  readonly everyMs: number;
  /** Called once when reading begins to fail, and with null when it succeeds again. */
  readonly onProblem: (error: unknown) => void;
}

/** Keeps the registry in step with the store. */
export interface TokenRefresh {
  /** Reads the store; resolves when the registry contains everything committed before the call. */
  refresh(): Promise<void>;
  /** Reads the store periodically from now on. */
  start(): void;
  stop(): Promise<void>;
}

/** The shortest time between two writes of the uses, whose times need no higher precision. */
const MARK_EVERY_MS = 60_000;

export function createTokenRefresh({
  registry,
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
    const uses = registry.drainUses();
    if (uses.length === 0) return;
    markedMs = clock.monotonicMs();
    await store.markUsed(uses);
  };

  const load = async () => {
    last = await store.load();
    registry.replace(last);
  };
  // Loads run one after another, so that an older result never replaces a newer one.
  const refresh = () => {
    newest = newest.catch(() => {}).then(load);
    return newest;
  };

  const tick = async () => {
    try {
      await refresh();
      if (clock.monotonicMs() - markedMs >= MARK_EVERY_MS) await markUses();
      if (hasFailed) onProblem(null);
      hasFailed = false;
    } catch (error) {
      // Expired tokens must end even while the store cannot be read.
      if (last !== null) registry.replace(last);
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

import type { Logger } from 'pino';
import { serial } from '../async/serial.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/time/clock.ts';
import { clockTrust } from '../domain/time/clock-trust.ts';
import type { Store } from '../store/index.ts';

const EVERY_MS = 60 * 60_000;

/** Smaller differences are ignored, because clocks are regularly corrected by seconds. */
const AHEAD_MS = 60_000;

export interface UpkeepOptions {
  readonly store: Pick<
    Store,
    'retain' | 'settleFuture' | 'lastRecordedAt' | 'clockRecord' | 'keepClockRecord'
  >;
  readonly config: Pick<Config, 'keepDays'>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

export interface Upkeep {
  /** Moves records with future times to now, and logs it; failures are also logged. */
  settle(): Promise<void>;
  /** Runs the upkeep once an hour from now on. */
  start(): void;
  stop(): Promise<void>;
}

/**
 * Maintains the database: moves records with future times, written while the clock was ahead, and removes
 * old ones. Records with future times are moved before this resolves.
 */
export async function createUpkeep(options: UpkeepOptions): Promise<Upkeep> {
  const { store, config, clock, log } = options;
  const lastRecordedMs = (await store.lastRecordedAt())?.getTime() ?? null;
  const kept = await store.clockRecord();
  const trust = clockTrust(clock, { ...kept, trustedAtMs: kept.trustedAtMs ?? lastRecordedMs });
  const settle = async () => {
    await store.settleFuture(new Date(clock.wallMs()));
    log.warn('The clock was set back; records with future times were moved to now.');
  };
  const checkClock = async () => {
    const mayDrop = trust.mayDropByAge();
    await store.keepClockRecord(trust.record());
    return mayDrop;
  };
  const retain = async () => {
    if (await checkClock()) return store.retain(config.keepDays, new Date(clock.wallMs()));
    log.warn(
      'The clock is more than a day ahead of the time that wgql last observed, so no old records are deleted until a day has passed; check the clock of this machine.',
    );
  };
  if (lastRecordedMs !== null && lastRecordedMs > clock.wallMs() + AHEAD_MS) await settle();
  let timer: NodeJS.Timeout | undefined;
  const inTurn = serial();
  const run = (task: () => Promise<void>, failure: string) =>
    inTurn(task).catch((error: unknown) => {
      log.error({ err: error }, failure);
    });
  const retainNow = () => void run(retain, 'Old records could not be deleted.');
  return {
    settle: () => run(settle, 'Records with future times could not be moved.'),
    start: () => {
      timer = setInterval(retainNow, EVERY_MS);
      retainNow();
    },
    stop: async () => {
      clearInterval(timer);
      // Stores the time observed since the last hourly check, which counts after the next start.
      await run(
        async () => void (await checkClock()),
        'The state of the clock could not be stored.',
      );
    },
  };
}

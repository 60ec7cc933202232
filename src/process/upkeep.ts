import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { Clock } from '../domain/time/clock.ts';
import { clockTrust } from '../domain/time/clock-trust.ts';
import type { Store } from '../store/index.ts';

const EVERY_MS = 60 * 60_000;

/** Clocks are corrected by seconds all the time. */
const AHEAD_MS = 60_000;

export interface UpkeepOptions {
  readonly store: Pick<
    Store,
    'retain' | 'settleFuture' | 'lastRecordedAt' | 'clockRecord' | 'keepClockRecord'
  >;
  readonly config: Pick<Config, 'keepDays'>;
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

export interface Upkeep {
  /** Moves to now what lies in the future, and logs it; a failure is logged too. */
  settle(): Promise<void>;
  /** Once an hour from now on. */
  start(): void;
  stop(): Promise<void>;
}

/**
 * Keeps the database in order: records of the future, where the clock was ahead, and old ones. What lies in
 * the future is moved before this resolves.
 */
export async function createUpkeep(options: UpkeepOptions): Promise<Upkeep> {
  const { store, config, calendar, clock, log } = options;
  const lastRecordedMs = (await store.lastRecordedAt())?.getTime() ?? null;
  const kept = await store.clockRecord();
  const trust = clockTrust(clock, { ...kept, trustedAtMs: kept.trustedAtMs ?? lastRecordedMs });
  const settle = async () => {
    await store.settleFuture(new Date(clock.wallMs()));
    log.warn('The clock was set back; what was recorded ahead of it was moved to now.');
  };
  const look = async () => {
    const mayDrop = trust.mayDropByAge();
    await store.keepClockRecord(trust.record());
    return mayDrop;
  };
  const keep = async () => {
    if (await look()) return store.retain(config.keepDays, calendar, new Date(clock.wallMs()));
    log.warn(
      'The clock went on by more than a day that wgql has not seen pass, so nothing old is dropped until a day has passed; check the clock of this machine.',
    );
  };
  if (lastRecordedMs !== null && lastRecordedMs > clock.wallMs() + AHEAD_MS) await settle();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = (task: () => Promise<void>, failure: string) => {
    running = running.then(task).catch((error) => {
      log.error({ err: error }, failure);
    });
    return running;
  };
  const keepNow = () => void run(keep, 'Old records could not be rolled up.');
  return {
    settle: () => run(settle, 'Records of the future could not be moved.'),
    start: () => {
      timer = setInterval(keepNow, EVERY_MS);
      keepNow();
    },
    stop: async () => {
      clearInterval(timer);
      // The time seen since the last hour counts for the next start.
      await run(async () => void (await look()), 'The state of the clock could not be kept.');
    },
  };
}

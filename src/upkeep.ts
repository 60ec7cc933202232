import type { Logger } from 'pino';
import type { Calendar } from './calendar.ts';
import type { Clock } from './clock.ts';
import { clockTrust } from './clock-trust.ts';
import type { Config } from './config.ts';
import type { Store } from './store/index.ts';

const EVERY_MS = 60 * 60_000;

export interface UpkeepOptions {
  readonly store: Pick<Store, 'retain' | 'settleFuture' | 'lastRecordedAt'>;
  readonly config: Pick<Config, 'keepDays'>;
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** Told before records of the future are moved, so that no new ones are made. */
  readonly onSetBack: () => void;
}

export interface Upkeep {
  /** Once an hour from now on. */
  start(): void;
  stop(): Promise<void>;
}

/**
 * Keeps the database in order: records of the future, where the clock was ahead, and old ones. What lies in
 * the future is moved before this resolves.
 */
export async function createUpkeep(options: UpkeepOptions): Promise<Upkeep> {
  const { store, config, calendar, clock, log, onSetBack } = options;
  const trust = clockTrust(clock, (await store.lastRecordedAt())?.getTime() ?? null);
  const settle = async () => {
    if (!trust.wasSetBack()) return;
    onSetBack();
    await store.settleFuture(new Date(clock.wallMs()));
    log.warn('The clock was set back; what was recorded ahead of it was moved to now.');
  };
  const keep = async () => {
    await settle();
    if (!trust.mayDropByAge()) {
      log.warn(
        'The clock went on by more than a day while wgql did not run or did not see it pass, so nothing old is dropped for a day; check the clock of this machine.',
      );
      return;
    }
    await store.retain(config.keepDays, calendar, new Date(clock.wallMs()));
  };
  await settle();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = keep().catch((error) => {
      log.error({ err: error }, 'Old records could not be rolled up.');
    });
  };
  return {
    start: () => {
      timer = setInterval(run, EVERY_MS);
      run();
    },
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

import { serial } from '../async/serial.ts';
import type { Config } from '../config/config.ts';
import type { Text } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Clock } from '../domain/time/clock.ts';
import { clockTrust } from '../domain/time/clock-trust.ts';
import type { Store } from '../store/index.ts';

const EVERY_MS = 60 * 60_000;

/** Smaller differences are ignored, because clocks are regularly corrected by seconds. */
const AHEAD_MS = 60_000;

const NOT_DELETED: Text = { en: 'Old records could not be deleted.', zh: '无法删除旧记录。' };
const NOT_MOVED: Text = {
  en: 'Records with future times could not be moved.',
  zh: '无法移动时间在将来的记录。',
};
const NOT_STORED: Text = {
  en: 'The state of the clock could not be stored.',
  zh: '无法保存时钟状态。',
};

export interface UpkeepOptions {
  readonly store: Pick<
    Store,
    'retain' | 'settleFuture' | 'lastRecordedAt' | 'clockRecord' | 'keepClockRecord' | 'logins'
  >;
  readonly config: Pick<Config, 'keepDays' | 'token'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn' | 'error'>;
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
    log.warn({
      en: 'The clock was set back; records with future times were moved to now.',
      zh: '时钟被调回；时间在将来的记录已移至当前时间。',
    });
  };
  const checkClock = async () => {
    const mayDrop = trust.mayDropByAge();
    await store.keepClockRecord(trust.record());
    return mayDrop;
  };
  const retain = async () => {
    if (await checkClock()) {
      const now = new Date(clock.wallMs());
      await store.logins.dropEnded(now, config.token);
      return store.retain(config.keepDays, now);
    }
    log.warn({
      en: 'The clock is more than a day ahead of the time that wgql last observed, so no old records are deleted until a day has passed; check the clock of this machine.',
      zh: '时钟比 wgql 上次观察到的时间超前一天以上，因此一天之内不会删除旧记录；请检查本机时钟。',
    });
  };
  if (lastRecordedMs !== null && lastRecordedMs > clock.wallMs() + AHEAD_MS) await settle();
  let timer: NodeJS.Timeout | undefined;
  const inTurn = serial();
  const run = (task: () => Promise<void>, failure: Text) =>
    inTurn(task).catch((error: unknown) => {
      log.error(failure, { err: error });
    });
  const retainNow = () => void run(retain, NOT_DELETED);
  return {
    settle: () => run(settle, NOT_MOVED),
    start: () => {
      timer = setInterval(retainNow, EVERY_MS);
      retainNow();
    },
    stop: async () => {
      clearInterval(timer);
      // Stores the time observed since the last hourly check, which counts after the next start.
      await run(async () => void (await checkClock()), NOT_STORED);
    },
  };
}

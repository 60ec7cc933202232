import type { Config } from './config/config.ts';
import { quotaPeriods } from './domain/enforcement/quota-period.ts';
import type { Log } from './domain/log.ts';
import type { Calendar } from './domain/time/calendar.ts';
import { type Clock, instantOf } from './domain/time/clock.ts';
import type { Bus } from './live/bus.ts';
import { publishLogged, publishLook, publishPoll } from './live/publish.ts';
import { problemLog } from './process/state-log.ts';
import type { SecretBox } from './store/files/secret-box.ts';
import type { Store } from './store/index.ts';
import type { Tracer } from './tracing/tracer.ts';
import { createQuotaKeeper } from './wg/enforce/quota-keeper.ts';
import { createReconciler } from './wg/enforce/reconciler.ts';
import type { Enforcer } from './wg/enforcer.ts';
import { createPoller, type Poller } from './wg/poller.ts';
import type { WireGuard } from './wg/wireguard.ts';

export interface MonitorOptions {
  readonly config: Config;
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly calendar: Calendar;
  readonly bus: Bus;
  readonly wireguard: WireGuard;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when the wall clock was set back, so that records lie in the future. */
  readonly onSetBack: () => void;
  readonly tracer: Tracer | null;
  /** Called after every poll. */
  readonly onPolled: (durationMs: number) => void;
}

export interface Monitor extends Pick<Poller, 'pollNow' | 'stop' | 'status' | 'tracked'> {
  /** Loads the state that the previous run recorded. */
  prepare(): Promise<void>;
  /** Polls from now on, once it is prepared. */
  start(): void;
}

/** Connects WireGuard, the store and the bus: each snapshot is recorded, then published and enforced. */
export function createMonitor(options: MonitorOptions): Monitor {
  const { config, store, secrets, bus, wireguard, clock, tracer } = options;
  const createEnforcer = config.manage ? createReconciler : createQuotaKeeper;
  const enforcer = createEnforcer({
    ...wireguard,
    watched: config.interfaces,
    policies: store.policies({
      secrets,
      onLogged: (events, at) => publishLogged(bus, events, at),
    }),
    periodOf: quotaPeriods(options.calendar),
  });
  const poller = createPoller({
    read: wireguard.read,
    enforcer: tracer === null ? enforcer : tracedEnforcer(enforcer, tracer),
    tracer,
    record: store.recorder.record,
    onSetBack: options.onSetBack,
    onPolled: (durationMs) => {
      options.onPolled(durationMs);
      publishLook(bus, new Date(clock.wallMs()));
    },
    onCommitted: (committed) => publishPoll(bus, committed),
    onProblem: problemLog(options.log),
    clock,
    constants: { onlineMs: config.onlineWindowMs, pollIntervalMs: config.pollIntervalMs },
  });
  return {
    prepare: async () => {
      await enforcer.prepare(clock.wallMs());
      poller.adopt(await store.loadState(config.interfaces, instantOf(clock)));
    },
    start: poller.start,
    pollNow: poller.pollNow,
    stop: poller.stop,
    status: poller.status,
    tracked: poller.tracked,
  };
}

function tracedEnforcer(enforcer: Enforcer, tracer: Tracer): Enforcer {
  return {
    ...enforcer,
    enforce: (...given) => tracer.step('enforce', () => enforcer.enforce(...given)),
  };
}

import type { Logger } from 'pino';
import { openAccess } from './access/index.ts';
import { withTimeLimit } from './async/deadline.ts';
import type { Config } from './config/config.ts';
import { AppError } from './domain/errors.ts';
import { calendarOf, periodStart } from './domain/time/calendar.ts';
import { type Clock, instantOf, systemClock } from './domain/time/clock.ts';
import { createBus } from './live/bus.ts';
import { createLog } from './log.ts';
import { closeFoldersOf, logDatabase } from './process/database-log.ts';
import { detailsOf, failureLog } from './process/failure-log.ts';
import { readinessOf } from './process/readiness.ts';
import { shutdown } from './process/shutdown.ts';
import { createUpkeep } from './process/upkeep.ts';
import type { Services } from './resolvers/context.ts';
import { type RunningServer, startServer } from './server/index.ts';
import type { ServerLimits } from './server/limits.ts';
import { readTlsFiles } from './server/tls.ts';
import { openSecretBox } from './store/files/secret-box.ts';
import { openStore } from './store/index.ts';
import type { EventRecord } from './store/records.ts';
import { VERSION } from './version.ts';
import { createReconciler } from './wg/enforce/reconciler.ts';
import { createPoller, type PollerOptions } from './wg/poller.ts';
import { simulatedWireGuard } from './wg/simulated.ts';
import { systemWireGuard, type WireGuard } from './wg/wireguard.ts';

/** What tests put in the place of the real thing. */
export interface Overrides {
  readonly clock?: Clock;
  readonly wireguard?: WireGuard;
  readonly log?: Logger;
  readonly limits?: Partial<ServerLimits>;
}

export interface App {
  /** Rejects with an `AppError` when the database or the address cannot be had. */
  start(): Promise<void>;
  /**
   * Books a last poll, completes what is open, and ends, also while it starts. Never rejects, and takes less
   * than five seconds: what does not end by then is left, and the log says so.
   */
  stop(): Promise<void>;
  /** Reads what can change without a restart, the TLS certificate and its key, and logs the outcome. */
  reload(): Promise<void>;
  /** Where it listens; throws before the start. */
  readonly url: string;
}

/** How long a stop waits for the step of a start that it interrupts. */
const START_ENDS_WITHIN_MS = 1_000;

/** The only place where the parts meet. Nothing runs before `start`. */
export function createApp(config: Config, overrides: Overrides = {}): App {
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLog(config.logLevel);
  const parts = shutdown(log);
  let starting: Promise<void> = Promise.resolve();
  let ending: Promise<void> = Promise.resolve();
  let isStopping = false;
  let server: RunningServer | null = null;

  const end = async () => {
    // A start that fails and a stop may both end the parts; each waits for all of them.
    ending = ending.then(parts.run);
    await ending;
    server = null;
  };
  /** Between the steps of a start. */
  const goOn = () => {
    if (isStopping) throw new StartInterrupted();
  };

  const start = async () => {
    // Before anything is made: a start that is refused leaves no database behind.
    if (config.tls !== null) await readTlsFiles(config.tls);
    const startedAt = new Date(clock.wallMs());
    const store = await openStore(config.databaseUrl, startedAt);
    parts.add({ name: 'the database', withinMs: 500, end: store.close });
    goOn();
    await logDatabase(log, store, startedAt);
    const access = await openAccess({ config, store: store.tokens, clock, log });
    parts.add({ name: 'the last use of tokens', withinMs: 300, end: access.stop });
    goOn();
    const secrets = await openSecretBox(config.secretKeyFile);
    await closeFoldersOf(log, config);
    if (secrets.problem !== null) log.warn(secrets.problem.en);
    for (const warning of config.warnings) log.warn(warning.en);
    const calendar = calendarOf(config.timeZone);
    const bus = createBus();

    const window = { onlineMs: config.onlineWindowMs, pollIntervalMs: config.pollIntervalMs };
    const wireguard = overrides.wireguard ?? wireguardOf(config, clock);
    const publish = (events: readonly EventRecord[], at: Date) => {
      bus.publish('events', events);
      bus.publish('commit', [{ at }]);
    };
    const reconciler = createReconciler({
      ...wireguard,
      watched: config.interfaces,
      policies: store.policies({
        secrets,
        onLogged: publish,
        onErased: (publicKeys) => {
          store.recorder.forget(publicKeys);
          poller.forget(publicKeys);
        },
      }),
      periodOf: (kind, atMs) => {
        const start = periodStart(calendar, kind, new Date(atMs));
        if (start === null) return null;
        return { name: `${kind} ${calendar.formatDay(start)}`, startMs: start.getTime() };
      },
    });
    const enforce: PollerOptions<unknown>['enforce'] = config.manage
      ? reconciler.reconcile
      : reconciler.keepQuotas;
    const upkeep = await createUpkeep({ store, config, calendar, clock, log });
    const poller = createPoller({
      read: async (signal) => reconciler.complete(await wireguard.read(signal)),
      deeds: reconciler.deeds,
      enforce,
      hold: config.manage ? reconciler.hold : async () => {},
      record: store.recorder.record,
      onSetBack: () => void upkeep.settle(),
      onPolled: () => bus.publish('status', [{ at: new Date(clock.wallMs()) }]),
      onCommitted: ({ at, presence, events, rates }) => {
        bus.publish('presence', presence);
        bus.publish('traffic', rates);
        publish(events, at);
      },
      onProblem: (problem, cause) => {
        if (problem === null) log.info('WireGuard is read and booked again.');
        else log.warn(detailsOf(cause), problem.en);
      },
      clock,
      window,
    });

    const services: Services = {
      config,
      store,
      bus,
      clock,
      calendar,
      secrets,
      access,
      pollerStatus: poller.status,
      pollNow: poller.pollNow,
      networks: wireguard.hostNetworks,
      startedAt,
      version: VERSION,
    };
    server = await startServer({
      services,
      readiness: () => readinessOf(services),
      onInternalError: failureLog(log, clock),
      onCut: (count) =>
        log.warn(
          `Connections cut at the stop, since their clients did not let them end: ${count}.`,
        ),
      ...(overrides.limits && { limits: overrides.limits }),
    });
    parts.add({ name: 'connections', withinMs: 1_700, end: server.close });
    // Ended before, so that subscriptions complete before their sockets close.
    parts.add({ name: 'subscriptions', withinMs: 100, end: () => bus.close() });
    goOn();
    if (config.manage) await reconciler.prepare(clock.wallMs());
    const state = await store.loadState(config.interfaces, instantOf(clock));
    goOn();
    poller.start(state);
    parts.add({ name: 'the last poll', withinMs: 1_700, end: poller.stop });

    upkeep.start();
    parts.add({ name: 'the removal of old records', withinMs: 200, end: upkeep.stop });
    parts.add({ name: 'new connections', withinMs: 100, end: server.refuse });
    announce(log, config, server.url);
  };

  return {
    start: () => {
      starting = start();
      return starting.catch(async (error) => {
        await end();
        throw error;
      });
    },
    stop: async () => {
      isStopping = true;
      // What is being started ends by itself before its next step.
      await withTimeLimit(START_ENDS_WITHIN_MS, null, () => starting).catch(() => {});
      await end();
    },
    reload: async () => {
      if (server === null || config.tls === null) return;
      try {
        await server.reload();
        log.info('The TLS certificate was read anew.');
      } catch (error) {
        const reason = error instanceof AppError ? error.message : String(error);
        log.error(`The TLS certificate stays as it was. ${reason}`);
      }
    },
    get url() {
      if (server === null) throw new Error('The server is not running.');
      return server.url;
    },
  };
}

/** Why a start that was stopped came to nothing. */
class StartInterrupted extends Error {
  override readonly name = 'StartInterrupted';
}

function wireguardOf(config: Config, clock: Clock): WireGuard {
  return config.demo
    ? simulatedWireGuard(clock)
    : systemWireGuard({
        interfaces: config.interfaces,
        answerWithinMs: Math.max(1_000, config.pollIntervalMs),
      });
}

function announce(log: Logger, config: Config, url: string): void {
  if (config.demo) log.warn('This is a demo: the fleet is simulated and no WireGuard is touched.');
  log.info({ url, version: VERSION, timeZone: config.timeZone }, `wgql listens on ${url}`);
}

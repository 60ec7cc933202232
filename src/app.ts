import type { Logger } from 'pino';
import { openAccess } from './access/index.ts';
import type { Config } from './config/config.ts';
import { demoHistory } from './demo/history.ts';
import type { Text } from './domain/errors.ts';
import { calendarOf } from './domain/time/calendar.ts';
import { type Clock, systemClock } from './domain/time/clock.ts';
import { failureLog } from './process/failure-log.ts';
import { type Lifecycle, lifecycle, type Starting } from './process/lifecycle.ts';
import { createLog, createLogger } from './process/log.ts';
import { reloadCertificate } from './process/reload-certificate.ts';
import { logListening, logMetrics, logStart } from './process/startup-log.ts';
import { cutLog } from './process/state-log.ts';
import { STOP_LIMITS } from './process/stop-limits.ts';
import { type RunningServer, startServer } from './server/index.ts';
import type { ServerLimits } from './server/limits.ts';
import { type MetricsServer, startMetricsServer } from './server/metrics/listener.ts';
import { readTlsFiles } from './server/tls.ts';
import { openServices, type ServiceOverrides } from './services.ts';
import { openSecretBox } from './store/files/secret-box.ts';
import { openStore } from './store/index.ts';
import { openTracer } from './tracing/open.ts';
import { VERSION } from './version.ts';

const NOTHING_TO_RELOAD: Text = {
  en: 'There is nothing to reload: no TLS certificate is set.',
  zh: '没有需要重新加载的内容：未设置 TLS 证书。',
};

/** The parts that tests replace. */
export interface Overrides extends ServiceOverrides {
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly limits?: Partial<ServerLimits>;
}

/**
 * The program. `start` rejects with an `AppError` when the database or the address cannot be opened; `stop`
 * takes less than five seconds.
 */
export interface App extends Lifecycle {
  /** Loads what can change without a restart, the TLS certificate and its key, and logs the outcome. */
  reload(): Promise<void>;
  /** The address that it listens on; throws before the start. */
  readonly url: string;
  /** The address of the listener for metrics; null if there is none. */
  readonly metricsUrl: string | null;
}

/** The only place where the parts meet. Nothing runs before `start`. */
export function createApp(config: Config, overrides: Overrides = {}): App {
  const clock = overrides.clock ?? systemClock;
  const log = createLog(
    overrides.log ?? createLogger(config.logLevel, config.timeZone),
    config.language ?? 'en',
  );
  let server: RunningServer | null = null;
  let metricsServer: MetricsServer | null = null;

  const start = async ({ endLater, goOn }: Starting) => {
    // Checked first, so that a refused start creates no database.
    if (config.tls !== null) await readTlsFiles(config.tls);
    const tracer = await openTracer(config.tracesUrl, VERSION, log);
    // Ended last, so that it sends the spans of all others.
    if (tracer !== null) endLater({ ...STOP_LIMITS.spans, end: tracer.stop });
    const startedAt = new Date(clock.wallMs());
    const calendar = calendarOf(config.timeZone);
    const store = await openStore(config.databaseUrl, {
      ...{ now: startedAt, calendar, tracer },
      ...(config.demo && { history: () => demoHistory(startedAt.getTime(), calendar) }),
      onProgress: (message) => log.info(message),
    });
    endLater({ ...STOP_LIMITS.database, end: store.close });
    goOn();
    const { tokens, logins } = store;
    const access = await openAccess({ config, store: tokens, logins, clock, log });
    endLater({ ...STOP_LIMITS.tokenUses, end: access.stop });
    goOn();
    const secrets = await openSecretBox(config.secretKeyFile);
    await logStart(log, { store, config, secrets, startedAt });
    const { services, monitor, upkeep, instruments } = await openServices({
      ...{ config, store, secrets, calendar, access, clock, log, tracer, startedAt },
      ...overrides,
    });
    const onInternalError = failureLog(log, clock);
    server = await startServer({
      ...{ services, instruments, onInternalError },
      onCut: cutLog(log),
      ...(overrides.limits && { limits: overrides.limits }),
    });
    endLater({ ...STOP_LIMITS.connections, end: server.close });
    if (config.metricsListen !== null) {
      const metrics = { services, instruments, onInternalError };
      metricsServer = await startMetricsServer(metrics, config.metricsListen);
      endLater({ ...STOP_LIMITS.metrics, end: metricsServer.close });
    }
    // Stopped first, so that subscriptions complete before their sockets close.
    endLater({ ...STOP_LIMITS.subscriptions, end: services.bus.close });
    services.webhookSender.start();
    endLater({ ...STOP_LIMITS.webhooks, end: services.webhookSender.stop });
    goOn();
    await monitor.prepare();
    goOn();
    monitor.start();
    endLater({ ...STOP_LIMITS.lastPoll, end: monitor.stop });
    upkeep.start();
    endLater({ ...STOP_LIMITS.retention, end: upkeep.stop });
    endLater({ ...STOP_LIMITS.newConnections, end: server.refuse });
    logListening(log, config, { url: server.url, version: VERSION });
    if (metricsServer !== null) logMetrics(log, config, metricsServer.url);
  };

  return {
    ...lifecycle(log, start),
    reload: async () => {
      if (server === null) return;
      if (config.tls === null) log.info(NOTHING_TO_RELOAD);
      else await reloadCertificate(server, log);
    },
    get url() {
      if (server === null) throw new Error('The server is not running.');
      return server.url;
    },
    get metricsUrl() {
      return metricsServer?.url ?? null;
    },
  };
}

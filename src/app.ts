import type { Logger } from 'pino';
import { openAccess } from './access/index.ts';
import { oneTimeLinks } from './access/one-time-links.ts';
import type { Config } from './config/config.ts';
import { demoHistory } from './demo/history.ts';
import { demoWireGuard } from './demo/wireguard.ts';
import type { Text } from './domain/errors.ts';
import { calendarOf } from './domain/time/calendar.ts';
import { type Clock, systemClock } from './domain/time/clock.ts';
import { createBus } from './live/bus.ts';
import { createInstruments } from './metrics/instruments.ts';
import { createMonitor } from './monitor.ts';
import { failureLog } from './process/failure-log.ts';
import { type Lifecycle, lifecycle, type Starting } from './process/lifecycle.ts';
import { createLog, createLogger } from './process/log.ts';
import { reloadCertificate } from './process/reload-certificate.ts';
import { logListening, logMetrics, logStart } from './process/startup-log.ts';
import { cutLog, unknownNameLog } from './process/state-log.ts';
import { createUpkeep } from './process/upkeep.ts';
import type { Services } from './resolvers/context.ts';
import { type RunningServer, startServer } from './server/index.ts';
import type { ServerLimits } from './server/limits.ts';
import { type MetricsServer, startMetricsServer } from './server/metrics/listener.ts';
import { readTlsFiles } from './server/tls.ts';
import { openSecretBox } from './store/files/secret-box.ts';
import { openStore } from './store/index.ts';
import { openTracer } from './tracing/open.ts';
import { VERSION } from './version.ts';
import { createWebhookSender, type WebhookOverrides } from './webhooks/sender.ts';
import { openWireGuard } from './wg/open.ts';
import type { WireGuard } from './wg/wireguard.ts';

const NOTHING_TO_RELOAD: Text = {
  en: 'There is nothing to reload: no TLS certificate is set.',
  zh: '没有需要重新加载的内容：未设置 TLS 证书。',
};

const LAST_SPANS = { name: { en: 'the last spans', zh: '最后的追踪数据' } };

/** The parts that tests replace. */
export interface Overrides {
  readonly clock?: Clock;
  readonly wireguard?: WireGuard;
  readonly log?: Logger;
  readonly limits?: Partial<ServerLimits>;
  readonly webhooks?: WebhookOverrides;
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
    if (tracer !== null) endLater({ ...LAST_SPANS, withinMs: 1_000, end: tracer.stop });
    const startedAt = new Date(clock.wallMs());
    const calendar = calendarOf(config.timeZone);
    const store = await openStore(config.databaseUrl, {
      ...{ now: startedAt, calendar, tracer },
      ...(config.demo && { history: () => demoHistory(startedAt.getTime(), calendar) }),
      onProgress: (message) => log.info(message),
    });
    endLater({ name: { en: 'the database', zh: '数据库' }, withinMs: 500, end: store.close });
    goOn();
    const access = await openAccess({ config, store: store.tokens, clock, log });
    endLater({
      name: { en: 'the last use of tokens', zh: '令牌的最后使用时间' },
      withinMs: 300,
      end: access.stop,
    });
    goOn();
    const secrets = await openSecretBox(config.secretKeyFile);
    await logStart(log, { store, config, secrets, startedAt });
    const instruments = createInstruments();
    const bus = createBus(instruments);
    const [wireguard, upkeep] = await Promise.all([
      overrides.wireguard ??
        (config.demo
          ? demoWireGuard(clock)
          : openWireGuard({ ...config, onUnknownName: unknownNameLog(log), tracer })),
      createUpkeep({ store, config, clock, log }),
    ]);
    const monitor = createMonitor({
      ...{ config, store, secrets, calendar, bus, wireguard, clock, log, tracer },
      onSetBack: upkeep.settle,
      onPolled: instruments.pollEnded,
    });
    const webhookSender = createWebhookSender({
      ...{ store, bus, clock, secrets, log, allowed: config.webhookAllowPrivate },
      onAttempt: instruments.delivered,
      ...overrides.webhooks,
    });
    const services: Services = {
      config,
      store,
      bus,
      clock,
      calendar,
      secrets,
      access,
      pollerStatus: monitor.status,
      tracked: monitor.tracked,
      pollNow: monitor.pollNow,
      networks: wireguard.hostNetworks,
      clientLinks: oneTimeLinks(clock),
      webhookSender,
      tracer,
      startedAt,
      version: VERSION,
    };
    const onInternalError = failureLog(log, clock);
    server = await startServer({
      ...{ services, instruments, onInternalError },
      onCut: cutLog(log),
      ...(overrides.limits && { limits: overrides.limits }),
    });
    endLater({ name: { en: 'connections', zh: '连接' }, withinMs: 1_700, end: server.close });
    if (config.metricsListen !== null) {
      const metrics = { services, instruments, onInternalError };
      metricsServer = await startMetricsServer(metrics, config.metricsListen);
      endLater({
        name: { en: 'connections for metrics', zh: '指标连接' },
        withinMs: 1_700,
        end: metricsServer.close,
      });
    }
    // Stopped first, so that subscriptions complete before their sockets close.
    endLater({ name: { en: 'subscriptions', zh: '订阅' }, withinMs: 100, end: bus.close });
    webhookSender.start();
    endLater({
      name: { en: 'messages to webhooks', zh: '发往 Webhook 的消息' },
      withinMs: 150,
      end: webhookSender.stop,
    });
    goOn();
    await monitor.prepare();
    goOn();
    monitor.start();
    endLater({
      name: { en: 'the last poll', zh: '最后一次轮询' },
      withinMs: 1_700,
      end: monitor.stop,
    });
    upkeep.start();
    endLater({
      name: { en: 'the removal of old records', zh: '旧记录的删除' },
      withinMs: 200,
      end: upkeep.stop,
    });
    endLater({ name: { en: 'new connections', zh: '新连接' }, withinMs: 100, end: server.refuse });
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

import { oneTimeLinks } from './access/one-time-links.ts';
import type { Config } from './config/config.ts';
import { demoWireGuard } from './demo/wireguard.ts';
import type { Log } from './domain/log.ts';
import type { Calendar } from './domain/time/calendar.ts';
import type { Clock } from './domain/time/clock.ts';
import { createBus } from './live/bus.ts';
import { createInstruments, type Instruments } from './metrics/instruments.ts';
import { createMonitor, type Monitor } from './monitor.ts';
import { unknownNameLog } from './process/state-log.ts';
import { createUpkeep } from './process/upkeep.ts';
import type { ClientDownload, Services } from './resolvers/context.ts';
import type { SecretBox } from './store/files/secret-box.ts';
import type { Store } from './store/index.ts';
import type { Tracer } from './tracing/tracer.ts';
import { VERSION } from './version.ts';
import {
  createWebhookSender,
  type WebhookOverrides,
  type WebhookSender,
} from './webhooks/sender.ts';
import { openWireGuard } from './wg/open.ts';
import type { WireGuard } from './wg/wireguard.ts';

/** The parts that tests replace. */
export interface ServiceOverrides {
  readonly wireguard?: WireGuard;
  readonly webhooks?: WebhookOverrides;
}

export interface ServiceOptions extends ServiceOverrides {
  readonly config: Config;
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly calendar: Calendar;
  readonly access: Services['access'];
  readonly clock: Clock;
  readonly log: Log;
  readonly tracer: Tracer | null;
  readonly startedAt: Date;
}

/** What runs between the database and the servers. Nothing of it is started yet. */
export interface OpenServices {
  readonly services: Services & { readonly webhookSender: WebhookSender };
  readonly monitor: Monitor;
  readonly upkeep: Awaited<ReturnType<typeof createUpkeep>>;
  readonly instruments: Instruments;
}

export async function openServices(options: ServiceOptions): Promise<OpenServices> {
  const { config, store, secrets, calendar, access, clock, log, tracer, startedAt } = options;
  const instruments = createInstruments();
  const bus = createBus(instruments);
  const [wireguard, upkeep] = await Promise.all([
    options.wireguard ??
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
    ...options.webhooks,
  });
  const services = {
    ...{ config, store, bus, clock, calendar, secrets, access, webhookSender, tracer, startedAt },
    pollerStatus: monitor.status,
    tracked: monitor.tracked,
    pollNow: monitor.pollNow,
    networks: wireguard.hostNetworks,
    clientLinks: oneTimeLinks<ClientDownload>(clock),
    version: VERSION,
  };
  return { services, monitor, upkeep, instruments };
}

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { EVENT_TYPES } from '../domain/event-type.ts';
import type { Family } from './family.ts';
import { processMetrics } from './process.ts';
import { familiesIn } from './registry.ts';

/** The APIs of HTTP requests. */
export type Api = 'graphql' | 'rest';

/** The part of a log entry that is counted. */
export interface CountedEvent {
  readonly type: string;
  readonly interface: string | null;
}

/** Counts and times what happens in this process. Counters begin at zero with each start. */
export interface Instruments {
  pollEnded(durationMs: number): void;
  logged(events: readonly CountedEvent[]): void;
  /** null: the response was a stream, whose duration says nothing about the server. */
  answered(api: Api, status: number, durationMs: number | null): void;
  /** Returns a function to call once when the subscription has ended. */
  subscribed(field: string): () => void;
  /** Returns a function to call once when the WebSocket has closed. */
  connected(): () => void;
  /** A subscription was ended because its client read too slowly. */
  slowConsumer(): void;
  /** A message was sent to a webhook; `ok`: it was accepted. */
  delivered(ok: boolean): void;
  /** All that was counted, and the metrics of the process. `interfaces`: those that exist or existed. */
  families(interfaces: readonly string[]): Promise<Family[]>;
}

/** The part that subscriptions use. */
export type SubscriptionCounter = Pick<Instruments, 'subscribed' | 'slowConsumer'>;

/** In seconds. A poll of 10 000 peers takes 0.1 to 0.3 s, most requests take a few milliseconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createInstruments(): Instruments {
  const ofProcess = processMetrics();
  const registry = new Registry();
  const registers = [registry];
  const polls = new Histogram({
    name: 'wgql_poll_duration_seconds',
    help: 'How long polls took: reading WireGuard, recording, and applying limits',
    ...{ buckets: BUCKETS, registers },
  });
  const events = new Counter({
    name: 'wgql_events_total',
    help: 'Entries of the event log since the start',
    ...{ labelNames: ['type'], registers },
  });
  for (const type of EVENT_TYPES) events.inc({ type }, 0);
  const failures = new Counter({
    name: 'wgql_limit_failures_total',
    help: 'Limits that could not be applied, since the start',
    registers,
  });
  const resets = new Counter({
    name: 'wgql_counters_reset_total',
    help: 'Resets of the counters of peers by WireGuard, since the start',
    ...{ labelNames: ['interface'], registers },
  });
  const subscriptions = new Gauge({
    name: 'wgql_subscriptions',
    help: 'Subscriptions of clients that are running',
    ...{ labelNames: ['field'], registers },
  });
  const sockets = new Gauge({ name: 'wgql_sockets', help: 'Open WebSockets', registers });
  const slow = new Counter({
    name: 'wgql_slow_consumers_total',
    help: 'Subscriptions that were ended because their clients read too slowly, since the start',
    registers,
  });
  const deliveries = new Counter({
    name: 'wgql_webhook_deliveries_total',
    help: 'Attempts to send messages to webhooks by result, since the start',
    ...{ labelNames: ['result'], registers },
  });
  for (const result of ['accepted', 'failed']) deliveries.inc({ result }, 0);
  const requests = new Counter({
    name: 'wgql_http_requests_total',
    help: 'Answered HTTP requests by API and status code, since the start',
    ...{ labelNames: ['door', 'code'], registers },
  });
  const durations = new Histogram({
    name: 'wgql_http_request_duration_seconds',
    help: 'How long HTTP requests took, without event streams',
    ...{ labelNames: ['door'], buckets: BUCKETS, registers },
  });
  for (const door of ['graphql', 'rest']) durations.zero({ door });

  const count = (type: string, interfaceName: string | null) => {
    events.inc({ type });
    if (type === 'LIMIT_FAILED') failures.inc();
    if (type === 'COUNTER_RESET' && interfaceName !== null) {
      resets.inc({ interface: interfaceName });
    }
  };
  return {
    pollEnded: (durationMs) => polls.observe(durationMs / 1000),
    logged: (logged) => {
      for (const event of logged) count(event.type, event.interface);
    },
    answered: (door, code, durationMs) => {
      requests.inc({ door, code });
      if (durationMs !== null) durations.observe({ door }, durationMs / 1000);
    },
    subscribed: (field) => {
      subscriptions.inc({ field });
      return () => subscriptions.dec({ field });
    },
    connected: () => {
      sockets.inc();
      return () => sockets.dec();
    },
    slowConsumer: () => slow.inc(),
    delivered: (ok) => deliveries.inc({ result: ok ? 'accepted' : 'failed' }),
    families: async (interfaces) => {
      for (const name of interfaces) resets.inc({ interface: name }, 0);
      return [...(await familiesIn(registry)), ...(await familiesIn(ofProcess))];
    },
  };
}

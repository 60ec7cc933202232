import type { Logins } from '../access/logins.ts';
import type { OneTimeLinks } from '../access/one-time-links.ts';
import type { Principal } from '../access/principal.ts';
import { noRight } from '../access/refusals.ts';
import type { TokenRefresh } from '../access/token-refresh.ts';
import type { TokenRegistry } from '../access/token-registry.ts';
import type { Config } from '../config/config.ts';
import { AppError, type Text } from '../domain/errors.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { TrackerState } from '../domain/tracking/tracker-state.ts';
import type { Bus } from '../live/bus.ts';
import type { SecretBox } from '../store/files/secret-box.ts';
import type { Store } from '../store/index.ts';
import type { Tracer } from '../tracing/tracer.ts';
import type { WebhookSender } from '../webhooks/sender.ts';
import type { HostNetworks } from '../wg/host-networks.ts';
import type { PollerStatus } from '../wg/poller.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** A client configuration, to be shown and saved. */
export interface ClientDownload {
  /** The name of its file. */
  readonly fileName: string;
  readonly configuration: string;
  readonly qrSvg: string;
}

/** The services shared by the whole process; created once, at the composition root. */
export interface Services {
  readonly config: Config;
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly secrets: SecretBox;
  /** Authenticates requests; `refresh` makes a change of the tokens take effect immediately. */
  readonly access: Pick<TokenRegistry, 'isOpen' | 'authenticate' | 'authenticateLogin' | 'logins'> &
    Pick<TokenRefresh, 'refresh'> &
    Logins;
  readonly pollerStatus: () => PollerStatus;
  /** What was read from WireGuard up to the last poll that was recorded. */
  readonly tracked: () => TrackerState;
  /** Reads WireGuard and applies the required changes immediately; resolves when done. */
  readonly pollNow: () => Promise<void>;
  readonly networks: Pick<HostNetworks, 'networksOf' | 'publicAddress'>;
  /** Client configurations that can be taken once. */
  readonly clientLinks: OneTimeLinks<ClientDownload>;
  readonly webhookSender: Pick<WebhookSender, 'look' | 'problemOf' | 'test' | 'repeat'>;
  /** null: traces are off. */
  readonly tracer: Tracer | null;
  readonly startedAt: Date;
  readonly version: string;
}

/** The context of one request or one subscription. */
export interface Context extends Services {
  /** The authenticated client, or the reason why authentication failed. */
  readonly principal: Principal | AppError;
  /** The clock that ends access at its time. */
  readonly accessClock: Clock;
  /**
   * The id of the last event that the client received before its event stream ended, if it continues one. Replaces `after` of its subscription to events.
   */
  readonly resumeAfter?: string;
  /** The language of error messages. */
  readonly language: keyof Text;
  readonly loaders: Loaders;
  /** Resolves when it is the client's turn to use the CPU for a few milliseconds. */
  readonly turn: () => Promise<void>;
}

export function createContext(
  services: Services,
  { principal, language, turn }: Pick<Context, 'principal' | 'language' | 'turn'>,
): Context {
  const store = storeFor(services.store, principal);
  return {
    ...services,
    store,
    principal,
    accessClock: services.clock,
    language,
    turn,
    loaders: createLoaders({ ...services, store }),
  };
}

/** The store as a principal may read it. With the role `self`, whatever belongs to no owner is refused. */
function storeFor(store: Store, principal: Principal | AppError): Store {
  if (principal instanceof AppError || principal.role !== 'self') return store;
  const owned = principal.owner === null ? {} : store.ownedBy(principal.owner);
  return refusingOthers(owned) as Store;
}

/** Refuses to read anything that the object and its parts do not have. */
function refusingOthers(known: object): object {
  return new Proxy(known, {
    get: (target, name) => {
      if (!(name in target) && typeof name === 'string') throw noRight('self', 'viewer');
      const part: unknown = Reflect.get(target, name);
      const hasParts = typeof part === 'object' && part !== null && !(part instanceof Date);
      return hasParts ? refusingOthers(part) : part;
    },
  });
}

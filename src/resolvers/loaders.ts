import DataLoader from 'dataloader';
import type { Config } from '../config/config.ts';
import { type ByteCount, sumOfBytes } from '../domain/bytes.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { Store } from '../store/index.ts';
import type { PeerWhereabouts } from '../store/peer.ts';
import type { SessionRecord, UserRecord } from '../store/records.ts';

/** Look-ups made by many objects of one response, batched into one query per kind. */
export interface Loaders {
  /** Clears the caches, because a subscription outlives the values loaded for one message. */
  clear(): void;
  readonly user: DataLoader<number, UserRecord | null>;
  readonly session: DataLoader<number, SessionRecord | null>;
  /** Bytes of the users with these ids, together, since the start of the local day. */
  readonly today: DataLoader<readonly number[], ByteCount, string>;
  /** The same since the start of the local month. */
  readonly month: DataLoader<readonly number[], ByteCount, string>;
  /** The state of the peer with a public key, according to recent reads of WireGuard. */
  readonly whereabouts: DataLoader<string, PeerWhereabouts>;
}

const NOTHING: ByteCount = { rx: 0n, tx: 0n };

interface Sources {
  readonly config: Pick<Config, 'pollIntervalMs'>;
  readonly store: Store;
  readonly calendar: Calendar;
  readonly clock: Clock;
}

/** A read older than both limits does not describe the current state. */
const OLD_MS = 15_000;
const OLD_POLLS = 3;

/** Reads before this time do not describe where peers are now. */
export function readSince({ config, clock }: Pick<Sources, 'config' | 'clock'>): Date {
  return new Date(clock.wallMs() - Math.max(OLD_MS, OLD_POLLS * config.pollIntervalMs));
}

export function createLoaders(services: Sources): Loaders {
  const { store, calendar, clock } = services;
  const byId = <T extends { id: number }>(find: (ids: readonly number[]) => Promise<T[]>) =>
    new DataLoader<number, T | null>(async (ids) => {
      const rows = new Map((await find(ids)).map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id) ?? null);
    });
  const since = (start: (now: Date) => Date) =>
    new DataLoader<readonly number[], ByteCount, string>(
      async (groups) => {
        const ids = [...new Set(groups.flat())];
        const sums = await store.traffic.sumsOfUsers(ids, start(new Date(clock.wallMs())));
        return groups.map((group) => sumOfBytes(group.map((id) => sums.get(id) ?? NOTHING)));
      },
      { cacheKeyFn: (ids) => ids.join() },
    );
  const loaders = {
    user: byId(store.users.findMany),
    session: byId(store.sessions.findMany),
    today: since(calendar.startOfDay),
    month: since(calendar.startOfMonth),
    whereabouts: new DataLoader<string, PeerWhereabouts>(async (keys) => {
      const found = await store.peers.whereabouts(keys, readSince(services));
      return keys.map((key) => found.get(key) ?? 'ABSENT');
    }),
  };
  return {
    ...loaders,
    clear: () => {
      for (const loader of Object.values(loaders)) loader.clearAll();
    },
  };
}

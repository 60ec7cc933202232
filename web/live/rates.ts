import { useCallback, useSyncExternalStore } from 'react';
import { LiveRatesDocument } from '../api/generated/first/graphql.ts';
import { subscribe } from '../api/socket.ts';
import { keyedStore } from './keyed-store.ts';

/** Bytes a second in each direction, as the server counts them. */
export interface Rate {
  readonly rx: number;
  readonly tx: number;
}

const NONE: Rate = { rx: 0, tx: 0 };

const store = keyedStore<Rate>();

/** Follows the rates of some users, or of all, until the returned function is called; then nothing is known of any. */
export function followRates(userIds: string[] | null): () => void {
  const end = subscribe(
    LiveRatesDocument,
    { minIntervalMs: 250, userIds },
    {
      onData: ({ liveTraffic }, isFirst) => {
        // The first message has all who move: whoever stopped meanwhile is not in it.
        if (isFirst) store.clear();
        store.set(
          liveTraffic.map(({ user, rxBytesPerSecond: rx, txBytesPerSecond: tx }) => [
            user.id,
            { rx, tx },
          ]),
        );
      },
    },
  );
  return () => {
    end();
    store.clear();
  };
}

export function useRate(userId: string): Rate {
  return useSyncExternalStore(
    useCallback((listener) => store.subscribe(userId, listener), [userId]),
    () => store.get(userId) ?? NONE,
  );
}

import { useCallback, useSyncExternalStore } from 'react';
import { LivePresenceDocument } from '../api/generated/first/graphql.ts';
import { subscribe } from '../api/socket.ts';
import { keyedStore } from './keyed-store.ts';

/** The presence of a user. */
export interface Presence {
  readonly isOnline: boolean;
  /** The start of the session if online, otherwise the last activity. */
  readonly at: string;
}

const store = keyedStore<Presence>();

/** Follows the presence of some users, or of all, until the returned function is called; then nothing is known of any. */
export function followPresence(userIds: string[] | null): () => void {
  const end = subscribe(
    LivePresenceDocument,
    { userIds },
    {
      onData: ({ presence }, isFirst) => {
        const changes = presence.map(
          ({ user, isOnline, at }) => [user.id, { isOnline, at }] as [string, Presence],
        );
        // The first message has everyone who is online: all others went offline meanwhile.
        if (isFirst) {
          const online = new Set(changes.map(([id]) => id));
          for (const [id, { isOnline, at }] of store.entries()) {
            if (isOnline && !online.has(id)) changes.push([id, { isOnline: false, at }]);
          }
        }
        store.set(changes);
      },
    },
  );
  return () => {
    end();
    store.clear();
  };
}

/** The live presence of a user; undefined until a message about the user has arrived. */
export function usePresence(userId: string): Presence | undefined {
  return useSyncExternalStore(
    useCallback((listener) => store.subscribe(userId, listener), [userId]),
    () => store.get(userId),
  );
}

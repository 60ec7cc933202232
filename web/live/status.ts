import { useSyncExternalStore } from 'react';
import { connection } from '../api/connection.ts';
import { LiveStatusDocument, type StatusFieldsFragment } from '../api/generated/first/graphql.ts';
import { setServerTime } from '../api/server-clock.ts';
import { subscribe } from '../api/socket.ts';
import { setTimeZone } from '../text/times.ts';

export type Status = StatusFieldsFragment;

let current: Status | null = null;
const listeners = new Set<() => void>();

export function setStatus(status: Status): void {
  current = status;
  setServerTime(status.serverTime);
  connection.clockRead();
  setTimeZone(status.timeZone);
  for (const listener of listeners) listener();
}

/** Follows the status until the returned function is called. */
export function followStatus(): () => void {
  return subscribe(LiveStatusDocument, {}, { onData: ({ status }) => setStatus(status) });
}

/** The newest status; null before the first one. */
export function useStatus(): Status | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => current,
  );
}

import { serverNow } from './server-clock.ts';

/**
 * The state of the connection for live data. `connecting`: not connected yet; `live`; `lost`: it was connected and is
 * being connected again.
 */
export type ConnectionState = 'connecting' | 'live' | 'lost';

/** A time without a connection, in milliseconds by the clock of the server. */
export interface Absence {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Connection {
  readonly state: ConnectionState;
  /** When the connection was last lost; null if never. */
  readonly lostAt: number | null;
  /** Increases with each connection. */
  readonly epoch: number;
  /** The absence before each connection, by its epoch. */
  readonly absences: ReadonlyMap<number, Absence>;
}

let current: Connection = { state: 'connecting', lostAt: null, epoch: 0, absences: new Map() };
let answeredAt = 0;
/** The connection after whose beginning the clock was read. */
let readIn = 0;
const listeners = new Set<() => void>();

function set(next: Partial<Connection>): void {
  current = { ...current, ...next };
  for (const listener of listeners) listener();
}

/** The absence before the current connection ended now. */
function endAbsence(): void {
  const { lostAt, epoch, absences } = current;
  if (lostAt === null) return;
  set({ absences: new Map(absences).set(epoch, { fromMs: lostAt, toMs: serverNow() }) });
}

export const connection = {
  get: (): Connection => current,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  connected: () => {
    answeredAt = serverNow();
    set({ state: 'live', epoch: current.epoch + 1 });
    endAbsence();
  },
  /** The clock of the server was read again; it, or that of the browser, may have been changed meanwhile. */
  clockRead: () => {
    if (readIn === current.epoch) return;
    readIn = current.epoch;
    endAbsence();
  },
  /** The server has sent something. */
  answered: () => {
    answeredAt = serverNow();
  },
  closed: () => {
    if (current.state === 'lost') return;
    // Not the time at which it is noticed: after a sleep that is hours later.
    const lostAt = current.state === 'live' ? answeredAt : serverNow();
    set({ state: 'lost', lostAt });
  },
};

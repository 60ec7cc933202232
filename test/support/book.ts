import type { Changes } from '../../src/wg/changes.ts';
import { bucketStart, spread } from '../../src/wg/spread.ts';
import {
  type Handshake,
  type InterfaceState,
  NO_HANDSHAKE,
  type PeerState,
  type TrackerState,
  type UserState,
} from '../../src/wg/state.ts';

export interface BookedSession {
  readonly startedMs: number;
  endedMs: number | null;
  lastSeenMs: number;
  reason: string | null;
  rx: bigint;
  tx: bigint;
}

export interface BookedUser {
  rx: bigint;
  tx: bigint;
  openingRx: bigint;
  openingTx: bigint;
  /** By the start of the quarter hour. */
  readonly traffic: Map<number, { rx: bigint; tx: bigint }>;
  readonly sessions: BookedSession[];
}

interface Mark {
  rx: bigint;
  tx: bigint;
  handshake: number;
  present: boolean;
}

/** A record in memory of what polls found; it refuses changes that contradict what it holds. */
export class Book {
  readonly users = new Map<string, BookedUser>();
  readonly #interfaces = new Map<string, { generation: object; up: boolean; lastReadMs: number }>();
  readonly #marks = new Map<string, Map<string, Mark>>();

  write(changes: Changes): void {
    for (const change of changes.users) {
      if (change.rxBytes < 0n || change.txBytes < 0n) throw new Error('Negative bytes.');
      const user = this.#user(change.publicKey);
      user.rx += change.rxBytes;
      user.tx += change.txBytes;
      user.openingRx += change.openingRxBytes;
      user.openingTx += change.openingTxBytes;
    }
    for (const booking of changes.traffic) {
      const { traffic } = this.#user(booking.publicKey);
      const shares = spread(booking.rxBytes, booking.txBytes, changes.atMs, booking.gapMs);
      for (const { startMs, rxBytes, txBytes } of shares) {
        if (rxBytes < 0n || txBytes < 0n) throw new Error('A negative share.');
        if (startMs < bucketStart(changes.atMs - booking.gapMs) || startMs > changes.atMs) {
          throw new Error('A share outside the gap.');
        }
        const bucket = traffic.get(startMs) ?? { rx: 0n, tx: 0n };
        traffic.set(startMs, { rx: bucket.rx + rxBytes, tx: bucket.tx + txBytes });
      }
    }
    this.#writeSessions(changes);
    for (const change of changes.interfaces) {
      const known = this.#interfaces.get(change.name);
      if (change.kind === 'renamed') throw new Error('No interface was renamed here.');
      if (change.kind === 'down') {
        if (known === undefined) throw new Error('An unknown interface went down.');
        known.up = false;
        continue;
      }
      const { generation } = change;
      this.#interfaces.set(change.name, { generation, up: true, lastReadMs: changes.atMs });
    }
    for (const change of changes.counters) {
      const marks = this.#marks.get(change.interface) ?? new Map<string, Mark>();
      this.#marks.set(change.interface, marks);
      marks.set(change.publicKey, {
        rx: change.rxBytes,
        tx: change.txBytes,
        handshake: change.handshakeEpochSeconds,
        present: change.present,
      });
    }
  }

  openSession(publicKey: string): BookedSession | undefined {
    return this.users.get(publicKey)?.sessions.find(({ endedMs }) => endedMs === null);
  }

  /** What a program that starts anew knows; ages come from the wall clock. */
  load(now: { readonly wallMs: number; readonly monotonicMs: number }): TrackerState {
    const monotonic = (wallMs: number) => now.monotonicMs - Math.max(0, now.wallMs - wallMs);
    const handshake = (epochSeconds: number): Handshake => {
      if (epochSeconds === 0) return NO_HANDSHAKE;
      const isPast = epochSeconds * 1000 <= now.wallMs;
      return { epochSeconds, completedMs: isPast ? monotonic(epochSeconds * 1000) : null };
    };
    const interfaces = new Map<string, InterfaceState>();
    for (const [name, { generation, up, lastReadMs }] of this.#interfaces) {
      const peers = new Map<string, PeerState>();
      for (const [publicKey, mark] of this.#marks.get(name) ?? []) {
        peers.set(publicKey, {
          rxBytes: mark.rx,
          txBytes: mark.tx,
          handshake: handshake(mark.handshake),
          present: mark.present,
          endpoint: null,
          allowedIps: null,
          persistentKeepaliveSeconds: undefined,
          presharedKeyDigest: undefined,
          lastReadMs: monotonic(lastReadMs),
        });
      }
      const own = { ...generation } as Record<string, string>;
      interfaces.set(name, { generation: own, up, lastReadMs: monotonic(lastReadMs), peers });
    }
    const users = new Map<string, UserState>();
    for (const [publicKey, { sessions }] of this.users) {
      const open = this.openSession(publicKey);
      users.set(publicKey, {
        provedMs: open === undefined ? null : monotonic(open.lastSeenMs),
        session:
          open === undefined
            ? null
            : { startedWallMs: open.startedMs, provedWallMs: open.lastSeenMs },
        previousEndWallMs: sessions.at(-1)?.endedMs ?? null,
        endpoint: null,
      });
    }
    return { interfaces, users };
  }

  #writeSessions(changes: Changes): void {
    for (const change of changes.sessions) {
      const { sessions } = this.#user(change.publicKey);
      const open = this.openSession(change.publicKey);
      if (change.kind === 'started') {
        if (open !== undefined) throw new Error('A second open session.');
        const previousEnd = sessions.at(-1)?.endedMs ?? Number.NEGATIVE_INFINITY;
        if (change.startedMs < previousEnd) throw new Error('Sessions overlap.');
        if (change.lastSeenMs < change.startedMs) throw new Error('Seen before the start.');
        sessions.push({
          startedMs: change.startedMs,
          endedMs: null,
          lastSeenMs: change.lastSeenMs,
          reason: null,
          rx: change.rxBytes,
          tx: change.txBytes,
        });
        continue;
      }
      if (open === undefined) throw new Error(`No open session that could be ${change.kind}.`);
      if (change.kind === 'ended') {
        if (change.endedMs < open.startedMs) throw new Error('An end before the start.');
        if (change.endedMs !== open.lastSeenMs) throw new Error('An end beside the last proof.');
        open.endedMs = change.endedMs;
        open.reason = change.reason;
        continue;
      }
      if (change.lastSeenMs < open.startedMs) throw new Error('Seen before the start.');
      open.lastSeenMs = change.lastSeenMs;
      open.rx += change.rxBytes;
      open.tx += change.txBytes;
    }
  }

  #user(publicKey: string): BookedUser {
    let user = this.users.get(publicKey);
    if (user === undefined) {
      user = {
        rx: 0n,
        tx: 0n,
        openingRx: 0n,
        openingTx: 0n,
        traffic: new Map(),
        sessions: [],
      };
      this.users.set(publicKey, user);
    }
    return user;
  }
}

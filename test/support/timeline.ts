import type { Changes, EventChange, SessionChange } from '../../src/wg/changes.ts';
import type { PeerReading, Snapshot } from '../../src/wg/reading.ts';
import { EMPTY_STATE, type TrackerState } from '../../src/wg/state.ts';
import { track } from '../../src/wg/tracker.ts';
import type { Window } from '../../src/wg/window.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** 180 seconds online, a poll every 2. */
export const WINDOW: Window = { onlineMs: 180 * SECOND, pollIntervalMs: 2 * SECOND };

/** What a timeline's interface shows at the next poll; tests change it by hand. */
export interface ShownInterface {
  /** Its network device, which keeps its index under any name. */
  readonly device: string;
  generation: string;
  /** unknown: it does not answer. absent: the system does not list it. */
  answers: 'yes' | 'unknown' | 'absent';
  readonly peers: Map<string, ShownPeer>;
  /** Peers whose counters cannot be real. */
  readonly unreal: Set<string>;
}

export interface ShownPeer {
  rx: bigint;
  tx: bigint;
  /** As WireGuard reports it; null is not at all. */
  handshake: number | null;
  endpoint: string | null;
  allowedIps: string[];
  keepalive: number | null;
}

/** A script of polls over `track`, with both clocks in hand. */
export class Timeline {
  state: TrackerState = EMPTY_STATE;
  wallMs = Date.UTC(2026, 0, 15, 12, 0, 0);
  monotonicMs = 1_000_000;
  readonly interfaces = new Map<string, ShownInterface>();
  readonly #window: Window;

  constructor(window: Window = WINDOW) {
    this.#window = window;
  }

  interface(name = 'wg0'): ShownInterface {
    let shown = this.interfaces.get(name);
    if (shown === undefined) {
      shown = {
        device: name,
        generation: '1',
        answers: 'yes',
        peers: new Map(),
        unreal: new Set(),
      };
      this.interfaces.set(name, shown);
    }
    return shown;
  }

  /** Gives network devices other names, all at once. */
  rename(names: Readonly<Record<string, string>>): this {
    const shown = [...this.interfaces];
    this.interfaces.clear();
    for (const [name, one] of shown) this.interfaces.set(names[name] ?? name, one);
    return this;
  }

  /** Adds a peer as `wg set` would, or changes one. */
  peer(publicKey: string, change: Partial<ShownPeer> = {}, on = 'wg0'): ShownPeer {
    const { peers } = this.interface(on);
    const fresh: ShownPeer = {
      rx: 0n,
      tx: 0n,
      handshake: 0,
      endpoint: null,
      allowedIps: [],
      keepalive: null,
    };
    const peer = Object.assign(peers.get(publicKey) ?? fresh, change);
    peers.set(publicKey, peer);
    return peer;
  }

  /** Lets time pass on both clocks. */
  wait(ms: number): this {
    this.wallMs += ms;
    this.monotonicMs += ms;
    return this;
  }

  /** Completes a handshake now. */
  shakeHands(publicKey: string, on = 'wg0'): this {
    this.peer(publicKey, { handshake: this.epochSeconds() }, on);
    return this;
  }

  epochSeconds(): number {
    return Math.floor(this.wallMs / 1000);
  }

  /** What a poll finds now, without adopting it: as when the write fails. */
  peek(): Changes {
    return this.#track().changes;
  }

  poll(): Changes {
    const next = this.#track();
    this.state = next.state;
    return next.changes;
  }

  /** A poll of two seconds later. */
  next(): Changes {
    return this.wait(this.#window.pollIntervalMs).poll();
  }

  /** Polls every interval until this much time has passed, and answers all that was found. */
  pollFor(ms: number, beforeEach: () => void = () => {}): Changes[] {
    const found: Changes[] = [];
    for (let passed = 0; passed < ms; passed += this.#window.pollIntervalMs) {
      this.wait(this.#window.pollIntervalMs);
      beforeEach();
      found.push(this.poll());
    }
    return found;
  }

  isOnline(publicKey: string): boolean {
    return this.state.users.get(publicKey)?.session != null;
  }

  #track() {
    const now = { wallMs: this.wallMs, monotonicMs: this.monotonicMs };
    return track(this.state, this.#snapshot(), now, this.#window);
  }

  #snapshot(): Snapshot {
    const listed = [...this.interfaces].filter(([, { answers }]) => answers !== 'absent');
    return {
      notice: null,
      interfaces: listed.map(([name, shown]) => ({
        name,
        generation: { ifindex: `${shown.device}.${shown.generation}` },
        read:
          shown.answers === 'unknown'
            ? { kind: 'unknown', reason: NOWHERE }
            : {
                kind: 'read',
                publicKey: null,
                listenPort: 51820,
                peers: [...shown.peers]
                  .filter(([publicKey]) => !shown.unreal.has(publicKey))
                  .map(readingOf),
                unknownPeers: [...shown.unreal].map((publicKey) => ({
                  publicKey,
                  reason: NOWHERE,
                })),
              },
      })),
    };
  }
}

const NOWHERE = { en: 'No answer.', zh: '没有回答。' };

function readingOf([publicKey, peer]: [string, ShownPeer]): PeerReading {
  return {
    publicKey,
    endpoint: peer.endpoint,
    allowedIps: [...peer.allowedIps],
    latestHandshake: peer.handshake,
    rxBytes: peer.rx,
    txBytes: peer.tx,
    persistentKeepaliveSeconds: peer.keepalive,
    presharedKeyDigest: null,
  };
}

/** `[received, sent]` booked to this user, opening balance included. */
export function booked(changes: Changes, publicKey: string): [bigint, bigint] {
  let rx = 0n;
  let tx = 0n;
  for (const user of changes.users.filter((change) => change.publicKey === publicKey)) {
    rx += user.rxBytes;
    tx += user.txBytes;
  }
  return [rx, tx];
}

export function sessionKinds(changes: Changes | readonly Changes[]): SessionChange['kind'][] {
  return [changes].flat().flatMap(({ sessions }) => sessions.map(({ kind }) => kind));
}

/** Sessions that started or ended. */
export function turns(changes: Changes | readonly Changes[]): SessionChange[] {
  return [changes]
    .flat()
    .flatMap(({ sessions }) => sessions.filter(({ kind }) => kind !== 'continued'));
}

export function eventTypes(changes: Changes | readonly Changes[]): EventChange['type'][] {
  return [changes].flat().flatMap(({ events }) => events.map(({ type }) => type));
}

import fc from 'fast-check';
import type { Changes } from '../../src/wg/changes.ts';
import type { TrackerState } from '../../src/wg/state.ts';
import { HOUR, MINUTE, SECOND, Timeline } from './timeline.ts';

export const USERS = ['alice', 'bob'] as const;
export const INTERFACES = ['wg0', 'wg1'] as const;

type User = (typeof USERS)[number];
type Interface = (typeof INTERFACES)[number];
type Place = { readonly user: User; readonly on: Interface };

/** What happens to a WireGuard, to the machine, or to the program. */
export type Step =
  | ({ readonly kind: 'traffic'; readonly rx: bigint; readonly tx: bigint } & Place)
  | ({ readonly kind: 'handshake' | 'remove' } & Place)
  /** A new life of the counters, which stand at these bytes, or have overtaken the old by them. */
  | ({ readonly kind: 'add' | 'replace'; readonly bytes: bigint } & Place)
  | {
      readonly kind: 'recreate';
      readonly on: Interface;
      readonly keepsPeers: boolean;
      readonly bytes: bigint;
    }
  | { readonly kind: 'linkDown' | 'linkUp'; readonly on: Interface }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'poll' | 'failedWrite' }
  | { readonly kind: 'failedRead'; readonly on: Interface }
  | { readonly kind: 'restart'; readonly downMs: number }
  | { readonly kind: 'clockJump'; readonly ms: number };

const place = { user: fc.constantFrom(...USERS), on: fc.constantFrom(...INTERFACES) };
const bytes = fc.oneof(fc.bigInt(0n, 2000n), fc.bigInt(0n, 2n ** 40n), fc.constant(0n));
const kind = <K extends string>(name: K) => fc.constant(name);

export const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: kind('traffic'), rx: bytes, tx: bytes, ...place }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('handshake'), ...place }) },
  { weight: 10, arbitrary: fc.record({ kind: kind('poll') }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('wait'),
      ms: fc.constantFrom(2 * SECOND, 40 * SECOND, 125 * SECOND, 200 * SECOND, HOUR),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('remove'), ...place }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('add', 'replace'), bytes, ...place }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('recreate'),
      on: place.on,
      keepsPeers: fc.boolean(),
      bytes,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('linkDown', 'linkUp'), on: place.on }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('failedRead'), on: place.on }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('failedWrite') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('restart'),
      downMs: fc.constantFrom(0, 10 * SECOND, 20 * MINUTE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('clockJump'),
      ms: fc.constantFrom(HOUR, -HOUR, 5 * SECOND, -5 * SECOND),
    }),
  },
);

/** What a poll saw of a peer last, in the life of its counters that it belongs to. */
interface Seen {
  readonly generation: string;
  readonly rx: bigint;
  readonly tx: bigint;
  readonly handshake: number | null;
}

export interface ModelTotals {
  rx: bigint;
  tx: bigint;
  openingRx: bigint;
  openingTx: bigint;
}

/** The keeping of the record that is under test, in whatever way it is kept. */
export interface Keeper {
  write(changes: Changes): Promise<void> | void;
  load(now: { wallMs: number; monotonicMs: number }): Promise<TrackerState> | TrackerState;
}

/**
 * Lives through steps, and knows from what the polls saw what must have been booked: for each life
 * of a counter, what was seen of it last.
 */
export class AccountingModel {
  readonly timeline = new Timeline();
  readonly totals = new Map<string, ModelTotals>();
  /** Whether the last poll read every interface. */
  lastPollWasWhole = false;
  readonly #keeper: Keeper;
  readonly #seen = new Map<string, Map<string, Seen>>();
  #generations = 1;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
    for (const on of INTERFACES) {
      for (const user of USERS) this.timeline.peer(user, { rx: 500n, tx: 700n }, on);
    }
  }

  async take(step: Step): Promise<void> {
    const { timeline } = this;
    switch (step.kind) {
      case 'traffic': {
        const peer = timeline.interface(step.on).peers.get(step.user);
        if (peer === undefined) return;
        peer.rx += step.rx;
        peer.tx += step.tx;
        return;
      }
      case 'handshake':
        if (timeline.interface(step.on).peers.has(step.user)) {
          timeline.shakeHands(step.user, step.on);
        }
        return;
      case 'remove':
        timeline.interface(step.on).peers.delete(step.user);
        return;
      case 'add':
        if (!timeline.interface(step.on).peers.has(step.user)) {
          timeline.peer(step.user, { rx: step.bytes, tx: step.bytes }, step.on);
        }
        return;
      case 'replace':
        this.#replace(step.user, step.on, step.bytes);
        return;
      case 'recreate': {
        const shown = timeline.interface(step.on);
        for (const user of USERS) {
          if (step.keepsPeers) this.#replace(user, step.on, step.bytes);
          else shown.peers.delete(user);
        }
        shown.generation = String(++this.#generations);
        return;
      }
      case 'linkDown':
      case 'linkUp':
        timeline.interface(step.on).answers = step.kind === 'linkUp' ? 'yes' : 'absent';
        return;
      case 'wait':
        timeline.wait(step.ms);
        return;
      case 'clockJump':
        timeline.wallMs += step.ms;
        return;
      case 'restart':
        timeline.wait(step.downMs);
        timeline.monotonicMs = Math.abs(timeline.monotonicMs % 7_919);
        timeline.state = await this.#keeper.load(timeline);
        return;
      case 'failedWrite':
        timeline.wait(2 * SECOND).peek();
        return;
      case 'failedRead': {
        const shown = timeline.interface(step.on);
        const before = shown.answers;
        if (before === 'yes') shown.answers = 'unknown';
        await this.#poll();
        shown.answers = before;
        return;
      }
      case 'poll':
        await this.#poll();
    }
  }

  #replace(user: User, on: Interface, bytes: bigint): void {
    const old = this.timeline.interface(on).peers.get(user);
    if (old === undefined) return;
    this.timeline.interface(on).peers.delete(user);
    this.timeline.peer(user, { rx: old.rx + bytes, tx: old.tx + bytes }, on);
  }

  async #poll(): Promise<void> {
    await this.#keeper.write(this.timeline.next());
    this.lastPollWasWhole = true;
    for (const [name, shown] of this.timeline.interfaces) {
      if (shown.answers === 'yes') this.#see(name);
      if (shown.answers === 'unknown') this.lastPollWasWhole = false;
    }
  }

  #see(name: string): void {
    const { generation, peers } = this.timeline.interface(name);
    const before = this.#seen.get(name);
    const now = new Map<string, Seen>();
    for (const [user, { rx, tx, handshake }] of peers) {
      const seen = { generation, rx, tx, handshake };
      now.set(user, seen);
      const totals = this.totals.get(user) ?? { rx: 0n, tx: 0n, openingRx: 0n, openingTx: 0n };
      this.totals.set(user, totals);
      const last = before?.get(user);
      const goesOn = last !== undefined && isSameLife(last, seen);
      totals.rx += goesOn ? rx - last.rx : rx;
      totals.tx += goesOn ? tx - last.tx : tx;
      if (before === undefined) {
        totals.openingRx += rx;
        totals.openingTx += tx;
      }
    }
    this.#seen.set(name, now);
  }
}

/** As far as anybody can tell who only reads. */
function isSameLife(last: Seen, now: Seen): boolean {
  const lostHandshake = last.handshake !== 0 && now.handshake === 0;
  return (
    last.generation === now.generation && now.rx >= last.rx && now.tx >= last.tx && !lostHandshake
  );
}

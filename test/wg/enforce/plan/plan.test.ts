import { describe, expect, it } from 'vitest';
import type { PlanContext } from '../../../../src/domain/enforcement/plan.ts';
import type { PeerPolicy } from '../../../../src/domain/enforcement/policy.ts';
import type { PeerSnapshot } from '../../../../src/domain/wireguard/snapshot.ts';
import { planOf } from '../../../../src/wg/enforce/plan/plan.ts';

const KEY = 'alice';

function policy(given: Partial<PeerPolicy>): PeerPolicy {
  return {
    userId: 1,
    publicKey: KEY,
    isDeleted: false,
    enabled: true,
    expiresAtMs: null,
    quotaLimitBytes: null,
    quotaUsedBytes: 0n,
    interface: 'wg0',
    managed: true,
    allowedIps: ['10.0.0.1/32'],
    persistentKeepaliveSeconds: null,
    sealedPresharedKey: null,
    endpoint: null,
    bandwidthBytesPerSecond: 0n,
    quotaPeriod: 'NONE',
    quotaPeriodName: null,
    quotaMarkAtMs: 0,
    quotaWarned: false,
    cutReason: null,
    removedByUs: false,
    kickRequested: false,
    requestedBy: null,
    missing: false,
    configPending: false,
    presharedKeyKnown: true,
    applied: 'UNKNOWN',
    revision: 1,
    removedPeers: [],
    error: null,
    ...given,
  };
}

const peer = (allowedIps: readonly string[]): PeerSnapshot => ({
  publicKey: KEY,
  endpoint: null,
  allowedIps,
  latestHandshake: null,
  rxBytes: 0n,
  txBytes: 0n,
  persistentKeepaliveSeconds: null,
  presharedKeyDigest: null,
});
const ON = peer(['10.0.0.1/32']);
const CLEARED = peer([]);

/** Interfaces that were read, each with the peer or without; null is one that could not be read. */
type Interfaces = Readonly<Record<string, PeerSnapshot | 'empty' | null>>;

function contextOf(interfaces: Interfaces): PlanContext {
  const reads = new Map(
    Object.entries(interfaces).flatMap(([name, read]) =>
      read === null ? [] : [[name, new Map(read === 'empty' ? [] : [[KEY, read]])] as const],
    ),
  );
  return {
    nowMs: 100,
    watched: [],
    reads,
    unknown: new Set(Object.keys(interfaces).filter((name) => interfaces[name] === null)),
    isWatched: () => true,
    unreadable: new Set(),
    lastReads: reads,
    removedByOthers: new Set(),
    hasDeclaredKey: () => true,
  };
}

const removedFrom = (name: string) => ({
  interface: name,
  allowedIps: ['10.0.0.1/32'],
  persistentKeepaliveSeconds: null,
  endpoint: null,
  sealedPresharedKey: null,
});

interface Row {
  readonly name: string;
  readonly given: Partial<PeerPolicy>;
  readonly interfaces: Interfaces;
  readonly clear?: readonly string[];
  readonly remove?: readonly string[];
  readonly write?: readonly string[];
  readonly applied: PeerPolicy['applied'];
}

const disabled = { enabled: false };
const deleted = { isDeleted: true };
const kicked = { kickRequested: true };
const unmanaged = { managed: false };
const wasRemoved = { removedByUs: true, removedPeers: [removedFrom('wg0')] };

const ROWS: readonly Row[] = [
  { name: 'on as declared is left alone', given: {}, interfaces: { wg0: ON }, applied: 'PRESENT' },
  {
    name: 'that must be off loses its allowed IPs first',
    given: disabled,
    interfaces: { wg0: ON, wg1: ON },
    clear: ['wg0', 'wg1'],
    applied: 'PENDING',
  },
  {
    name: 'without allowed IPs that must be off is removed',
    given: disabled,
    interfaces: { wg0: CLEARED },
    remove: ['wg0'],
    applied: 'PENDING',
  },
  {
    name: 'that must be off and is off needs nothing',
    given: disabled,
    interfaces: { wg0: 'empty' },
    applied: 'ABSENT',
  },
  {
    name: 'of a deleted user stays while an interface that may hold it cannot be read',
    given: { ...deleted, interface: 'wg1' },
    interfaces: { wg0: ON, wg1: null },
    applied: 'PENDING',
  },
  {
    name: 'that is kicked is removed where it is on',
    given: kicked,
    interfaces: { wg0: ON },
    clear: ['wg0'],
    applied: 'PENDING',
  },
  {
    name: 'that was kicked is restored',
    given: { ...kicked, ...wasRemoved },
    interfaces: { wg0: 'empty' },
    write: ['wg0'],
    applied: 'PENDING',
  },
  {
    name: 'that is managed and off is written',
    given: {},
    interfaces: { wg0: 'empty' },
    write: ['wg0'],
    applied: 'PENDING',
  },
  {
    name: 'that is managed and was removed by others stays missing',
    given: { missing: true },
    interfaces: { wg0: 'empty' },
    applied: 'MISSING',
  },
  {
    name: 'that is not managed and was removed by others is left alone',
    given: unmanaged,
    interfaces: { wg0: 'empty' },
    applied: 'ABSENT',
  },
  {
    name: 'that is not managed and was removed by wgql is restored',
    given: { ...unmanaged, ...wasRemoved },
    interfaces: { wg0: 'empty' },
    write: ['wg0'],
    applied: 'PENDING',
  },
  {
    name: 'that is back on one interface is restored on the other',
    given: {
      ...unmanaged,
      removedByUs: true,
      removedPeers: [removedFrom('wg0'), removedFrom('wg1')],
    },
    interfaces: { wg0: ON, wg1: 'empty' },
    write: ['wg1'],
    applied: 'PRESENT',
  },
  {
    name: 'whose removal was interrupted gets its allowed IPs back',
    given: { ...unmanaged, ...wasRemoved },
    interfaces: { wg0: CLEARED },
    write: ['wg0'],
    applied: 'PENDING',
  },
  {
    name: 'with other allowed IPs than declared is corrected',
    given: {},
    interfaces: { wg0: peer(['10.0.0.9/32']) },
    write: ['wg0'],
    applied: 'PENDING',
  },
  {
    name: 'that is assigned to another interface leaves the old one first',
    given: { interface: 'wg1', configPending: true },
    interfaces: { wg0: ON, wg1: 'empty' },
    clear: ['wg0'],
    applied: 'PENDING',
  },
  {
    name: 'that is assigned to another interface is written there as it is removed',
    given: { interface: 'wg1', configPending: true },
    interfaces: { wg0: CLEARED, wg1: 'empty' },
    remove: ['wg0'],
    write: ['wg1'],
    applied: 'PENDING',
  },
  {
    name: 'that is assigned to an interface that cannot be read stays where it is',
    given: { interface: 'wg1', configPending: true },
    interfaces: { wg0: ON, wg1: null },
    applied: 'PENDING',
  },
  {
    name: 'on an interface that cannot be read is unknown',
    given: {},
    interfaces: { wg0: null },
    applied: 'UNKNOWN',
  },
];

describe('a peer', () => {
  it.each(ROWS.map((row) => [row.name, row] as const))(
    '%s',
    (_, { given, interfaces, applied, ...steps }) => {
      const plan = planOf([policy(given)], contextOf(interfaces));
      const names = (some: readonly { readonly interface: string }[]) =>
        some.map((step) => step.interface);
      const { clear = [], remove = [], write = [] } = steps;
      expect({
        clear: names(plan.clearings),
        remove: names(plan.removals),
        write: names(plan.writes),
        applied: plan.updates[0]?.set.applied ?? 'UNKNOWN',
      }).toEqual({ clear, remove, write, applied });
    },
  );
});

describe('a plan', () => {
  it('records the interfaces of a removal before it is done', () => {
    const { updates } = planOf([policy(disabled)], contextOf({ wg0: ON, wg1: ON }));
    expect(updates).toMatchObject([
      { removedFrom: ['wg0', 'wg1'], set: { removedByUs: true, cutReason: 'DISABLED' } },
    ]);
  });

  it('erases a deleted user once its peer is known to be off', () => {
    const erased = (interfaces: Interfaces) =>
      planOf([policy({ ...deleted, interface: 'wg0' })], contextOf(interfaces)).erasures.length;
    expect([erased({ wg0: ON }), erased({ wg0: null }), erased({ wg0: 'empty' })]).toEqual([
      0, 0, 1,
    ]);
  });

  it('ends a kick once the peer is off, with the client that requested it', () => {
    const { updates } = planOf(
      [policy({ ...kicked, ...wasRemoved, requestedBy: 'ops' })],
      contextOf({ wg0: 'empty' }),
    );
    expect(updates).toMatchObject([
      { set: { kickRequested: false }, events: [{ type: 'USER_KICKED', actor: 'ops' }] },
    ]);
  });

  it('records nothing for a user whose peer has not changed', () => {
    expect(planOf([policy({ applied: 'PRESENT' })], contextOf({ wg0: ON })).updates).toEqual([]);
  });
});

import type { Instant } from '../../domain/time/clock.ts';
import type {
  Changes,
  CounterChange,
  EventChange,
  InterfaceChange,
} from '../../domain/tracking/changes.ts';
import type { TrackingConstants } from '../../domain/tracking/constants.ts';
import type { InterfaceState, TrackerState } from '../../domain/tracking/tracker-state.ts';
import type { Snapshot } from '../../domain/wireguard/snapshot.ts';
import { NO_OWN_ACTIONS, type OwnActions } from '../own-actions.ts';
import { interfaceEvent } from './events.ts';
import { type PollContext, trackInterface } from './interface.ts';
import type { Findings } from './peer.ts';
import { renamesIn, withRenames } from './renames.ts';
import { type Places, trackUsers } from './users.ts';

/** What a snapshot changes. */
export interface Tracked {
  readonly state: TrackerState;
  readonly changes: Changes;
}

/**
 * Computes the changes of a snapshot: the bytes to book, the sessions that begin and end, the events. Pure;
 * the caller adopts the new state only once the changes are written, so that after a failed write they are
 * computed again from the same marks. The caller may do other work between the steps.
 */
export function* track(
  before: TrackerState,
  snapshot: Snapshot,
  now: Instant,
  constants: TrackingConstants,
  ownActions: OwnActions = NO_OWN_ACTIONS,
): Generator<void, Tracked> {
  const renames = renamesIn(before, snapshot);
  const state = withRenames(before, renames);
  const findings: Findings = {
    tallies: new Map(),
    counters: [],
    traffic: [],
    events: renames.map(({ to }) => interfaceEvent('INTERFACE_UP', to, 'RENAMED')),
    removed: new Set(),
    ownActions,
  };
  const isSteady = hasNoGap(state, snapshot, now, constants);
  const canSkip = (publicKey: string) => isSteady && state.users.has(publicKey);
  const renamed = renames.map(({ from, to }) => ({ kind: 'renamed', name: to, from }) as const);
  const read = yield* trackInterfaces(state, snapshot, { now, constants, findings, canSkip });
  const users = yield* trackUsers(state, read, now, constants, findings);
  const { counters, traffic, events } = findings;
  const deletedKeys = deletedAmong([counters, events, traffic], ownActions);
  return {
    state: { interfaces: read.interfaces, users: users.state },
    changes: {
      atMs: Math.round(now.wallMs),
      interfaces: [...renamed, ...read.changes],
      counters: withoutPersons(counters, deletedKeys),
      users: users.changes,
      traffic,
      sessions: users.sessions,
      events: withoutPersons(events, deletedKeys),
      deletedKeys,
    },
  };
}

/**
 * Whether all that is read now was read at the last poll too. After a gap, each peer says whether its user was
 * watched meanwhile, also a peer that has not changed.
 */
function hasNoGap(
  state: TrackerState,
  snapshot: Snapshot,
  now: Instant,
  { onlineMs }: TrackingConstants,
): boolean {
  return snapshot.interfaces.every(({ name, read }) => {
    const before = state.interfaces.get(name);
    if (read.kind === 'unknown' || before === undefined) return true;
    return !before.hasUnknownPeers && now.monotonicMs - before.lastReadMs <= onlineMs;
  });
}

type Concerned = readonly { readonly publicKey: string | null }[];

/** The keys among these changes that belong to deleted users. */
function deletedAmong(
  changes: readonly Concerned[],
  { deletedKeys }: OwnActions,
): ReadonlySet<string> {
  if (deletedKeys.size === 0) return deletedKeys;
  const keys = changes.flatMap((some) => some.flatMap(({ publicKey }) => publicKey ?? []));
  return new Set(keys.filter((publicKey) => deletedKeys.has(publicKey)));
}

interface TrackedInterfaces extends Places {
  readonly changes: readonly InterfaceChange[];
}

function* trackInterfaces(
  state: TrackerState,
  snapshot: Snapshot,
  context: PollContext,
): Generator<void, TrackedInterfaces> {
  const { now, findings } = context;
  const interfaces = new Map(state.interfaces);
  const changes: InterfaceChange[] = [];
  const unknown = new Set<string>();
  const down = new Set<string>();
  for (const { name, generation, read } of snapshot.interfaces) {
    const before = state.interfaces.get(name);
    if (read.kind === 'unknown') {
      addPresentKeys(before, unknown);
      continue;
    }
    const after = yield* trackInterface(name, generation, read, before, context);
    interfaces.set(name, after);
    const { publicKey, listenPort } = read;
    changes.push({ kind: 'read', name, generation: after.generation, publicKey, listenPort });
    for (const peer of read.unknownPeers) unknown.add(peer.publicKey);
  }
  const listed = new Set(snapshot.interfaces.map(({ name }) => name));
  for (const [name, before] of state.interfaces) {
    if (listed.has(name)) continue;
    addPresentKeys(before, down);
    // The absence is known too: the record has no gap here.
    interfaces.set(name, { ...before, up: false, lastReadMs: now.monotonicMs });
    changes.push({ kind: 'down', name });
    if (before.up) findings.events.push(interfaceEvent('INTERFACE_DOWN', name, null));
  }
  return { interfaces, changes, unknown, down };
}

/** Of a deleted user nothing is kept that shows where the person was. */
function withoutPersons<T extends CounterChange | EventChange>(
  changes: readonly T[],
  deletedKeys: ReadonlySet<string>,
): readonly T[] {
  if (deletedKeys.size === 0) return changes;
  return changes.map((change) => {
    const isDeleted = change.publicKey !== null && deletedKeys.has(change.publicKey);
    return isDeleted ? { ...change, endpoint: null } : change;
  });
}

function addPresentKeys(state: InterfaceState | undefined, keys: Set<string>): void {
  for (const [publicKey, peer] of state?.peers ?? []) if (peer.present) keys.add(publicKey);
}

import type { Instant } from '../../domain/time/clock.ts';
import type {
  Changes,
  CounterChange,
  EventChange,
  InterfaceChange,
  SessionChange,
  TrafficBooking,
  UserChange,
} from '../../domain/tracking/changes.ts';
import type { TrackingConstants } from '../../domain/tracking/constants.ts';
import type {
  InterfaceState,
  TrackerState,
  UserState,
} from '../../domain/tracking/tracker-state.ts';
import type { Snapshot } from '../../domain/wireguard/snapshot.ts';
import { NO_OWN_ACTIONS, type OwnActions } from '../own-actions.ts';
import { interfaceEvent } from './events.ts';
import { trackInterface } from './interface.ts';
import type { Findings } from './peer.ts';
import {
  type PresenceOutcome,
  settlePresence,
  UNSEEN_USER,
  type Whereabouts,
  wallOf,
} from './presence.ts';
import { renamesIn, withRenames } from './renames.ts';
import type { UserDelta } from './tally.ts';

/**
 * Computes the changes of a snapshot: the bytes to book, the sessions that begin and end, the events. Pure;
 * the caller adopts the new state only once the changes are written, so that after a failed write they are
 * computed again from the same marks.
 */
export function track(
  before: TrackerState,
  snapshot: Snapshot,
  now: Instant,
  constants: TrackingConstants,
  ownActions: OwnActions = NO_OWN_ACTIONS,
): { readonly state: TrackerState; readonly changes: Changes } {
  const renames = renamesIn(before, snapshot);
  const state = withRenames(before, renames);
  const findings: Findings = {
    tallies: new Map(),
    counters: [],
    events: renames.map(({ to }) => interfaceEvent('INTERFACE_UP', to, 'RENAMED')),
    removed: new Set(),
    ownActions,
  };
  const renamed = renames.map(({ from, to }) => ({ kind: 'renamed', name: to, from }) as const);
  const read = trackInterfaces(state, snapshot, now, constants, findings);
  const users = trackUsers(state, read, now, constants, findings);
  const { counters, events } = findings;
  const concerned = [...counters, ...events, ...users.traffic].flatMap(
    ({ publicKey }) => publicKey ?? [],
  );
  const deletedKeys = new Set(
    concerned.filter((publicKey) => ownActions.deletedKeys.has(publicKey)),
  );
  return {
    state: { interfaces: read.interfaces, users: users.state },
    changes: {
      atMs: Math.round(now.wallMs),
      interfaces: [...renamed, ...read.changes],
      counters: counters.map((counter) => withoutPerson(counter, deletedKeys)),
      users: users.changes,
      traffic: users.traffic,
      sessions: users.sessions,
      events: events.map((event) => withoutPerson(event, deletedKeys)),
      deletedKeys,
    },
  };
}

interface TrackedInterfaces {
  readonly interfaces: ReadonlyMap<string, InterfaceState>;
  readonly changes: readonly InterfaceChange[];
  /** Peers of interfaces that could not be read, and peers that could not be read themselves. */
  readonly unknown: ReadonlySet<string>;
  /** Peers of interfaces that are gone. */
  readonly down: ReadonlySet<string>;
}

function trackInterfaces(
  state: TrackerState,
  snapshot: Snapshot,
  now: Instant,
  constants: TrackingConstants,
  findings: Findings,
): TrackedInterfaces {
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
    const after = trackInterface(name, generation, read, before, now, constants, findings);
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

interface TrackedUsers {
  readonly state: ReadonlyMap<string, UserState>;
  readonly changes: readonly UserChange[];
  readonly traffic: readonly TrafficBooking[];
  readonly sessions: readonly SessionChange[];
}

function trackUsers(
  state: TrackerState,
  { unknown, down }: TrackedInterfaces,
  now: Instant,
  constants: TrackingConstants,
  { tallies, removed, events, ownActions }: Findings,
): TrackedUsers {
  const users = new Map(state.users);
  const changes: UserChange[] = [];
  const sessions: SessionChange[] = [];
  const whereabouts = (publicKey: string): Whereabouts => {
    if (unknown.has(publicKey)) return 'unknown';
    if (tallies.has(publicKey)) return 'known';
    if (removed.has(publicKey)) return 'removed';
    return down.has(publicKey) ? 'interface-down' : 'known';
  };
  const settle = (publicKey: string, before: UserState, userDelta: UserDelta | undefined) => {
    const outcome = settlePresence(
      publicKey,
      before,
      userDelta,
      whereabouts(publicKey),
      now,
      constants,
      ownActions.removals.get(publicKey) ?? null,
    );
    users.set(publicKey, outcome.user);
    sessions.push(...outcome.sessions);
    events.push(...outcome.events);
    return outcome;
  };
  for (const [publicKey, userDelta] of tallies) {
    if (ownActions.deletedKeys.has(publicKey)) continue;
    const before = state.users.get(publicKey);
    const outcome = settle(publicKey, before ?? UNSEEN_USER, userDelta);
    const change = userChangeOf(userDelta, before, outcome, now);
    if (change !== null) changes.push(change);
  }
  for (const [publicKey, before] of state.users) {
    if (before.session !== null && !tallies.has(publicKey)) settle(publicKey, before, undefined);
  }
  const traffic = [...tallies.values()].flatMap((userDelta) => userDelta.traffic);
  return { state: users, changes, traffic, sessions };
}

/** Of a deleted user nothing is kept that shows where the person was. */
function withoutPerson<T extends CounterChange | EventChange>(
  change: T,
  deletedKeys: ReadonlySet<string>,
): T {
  const isDeleted = change.publicKey !== null && deletedKeys.has(change.publicKey);
  return isDeleted ? { ...change, endpoint: null } : change;
}

function addPresentKeys(state: InterfaceState | undefined, keys: Set<string>): void {
  for (const [publicKey, peer] of state?.peers ?? []) if (peer.present) keys.add(publicKey);
}

/** The changes to write for a user that was read; null if nothing changed. */
function userChangeOf(
  userDelta: UserDelta,
  before: UserState | undefined,
  { user }: PresenceOutcome,
  now: Instant,
): UserChange | null {
  const hasNewEndpoint = user.endpoint !== null && user.endpoint !== before?.endpoint;
  const hasChanged =
    before === undefined ||
    userDelta.rxBytes > 0n ||
    userDelta.txBytes > 0n ||
    userDelta.proof !== null ||
    userDelta.allowedIps !== undefined ||
    userDelta.persistentKeepaliveSeconds !== undefined ||
    hasNewEndpoint;
  if (!hasChanged) return null;
  return {
    publicKey: userDelta.publicKey,
    interface: userDelta.interface,
    rxBytes: userDelta.rxBytes,
    txBytes: userDelta.txBytes,
    openingRxBytes: userDelta.openingRxBytes,
    openingTxBytes: userDelta.openingTxBytes,
    ...(hasNewEndpoint && { endpoint: user.endpoint as string }),
    ...(userDelta.proof !== null && { lastSeenMs: wallOf(userDelta.proof.provedMs, now) }),
    ...(userDelta.allowedIps !== undefined && { allowedIps: userDelta.allowedIps }),
    ...(userDelta.persistentKeepaliveSeconds !== undefined && {
      persistentKeepaliveSeconds: userDelta.persistentKeepaliveSeconds,
    }),
  };
}

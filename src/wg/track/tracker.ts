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
 * What a snapshot changes: the bytes to book, the sessions that begin and end, the events. Pure; the
 * caller adopts the new state only once the changes are written, so that a failed write is computed
 * again from the same marks.
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
  const tallies = new Map<string, UserDelta>();
  const counters: CounterChange[] = [];
  const events: EventChange[] = [];
  const removed = new Set<string>();
  const interfaceChanges: InterfaceChange[] = [];
  for (const { from, to } of renames) {
    interfaceChanges.push({ kind: 'renamed', name: to, from });
    events.push(interfaceEvent('INTERFACE_UP', to, 'RENAMED'));
  }
  const interfaces = new Map(state.interfaces);
  const unknown = new Set<string>();
  const down = new Set<string>();

  for (const { name, generation, read } of snapshot.interfaces) {
    const before = state.interfaces.get(name);
    if (read.kind === 'unknown') {
      addPresentKeys(before, unknown);
      continue;
    }
    const findings = { tallies, counters, events, removed, ownActions };
    const after = trackInterface(name, generation, read, before, now, constants, findings);
    interfaces.set(name, after);
    const { publicKey, listenPort } = read;
    interfaceChanges.push({
      kind: 'read',
      name,
      generation: after.generation,
      publicKey,
      listenPort,
    });
    for (const peer of read.unknownPeers) unknown.add(peer.publicKey);
  }
  const listed = new Set(snapshot.interfaces.map(({ name }) => name));
  for (const [name, before] of state.interfaces) {
    if (listed.has(name)) continue;
    addPresentKeys(before, down);
    // That it is gone is knowledge too: the record has no gap here.
    interfaces.set(name, { ...before, up: false, lastReadMs: now.monotonicMs });
    interfaceChanges.push({ kind: 'down', name });
    if (before.up) events.push(interfaceEvent('INTERFACE_DOWN', name, null));
  }

  const whereabouts = (publicKey: string): Whereabouts => {
    if (unknown.has(publicKey)) return 'unknown';
    if (tallies.has(publicKey)) return 'known';
    if (removed.has(publicKey)) return 'removed';
    return down.has(publicKey) ? 'interface-down' : 'known';
  };
  const users = new Map(state.users);
  const userChanges: UserChange[] = [];
  const traffic: TrafficBooking[] = [];
  const sessions: SessionChange[] = [];
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
    if (ownActions.deletedKeys.has(publicKey)) {
      traffic.push(...userDelta.traffic);
      continue;
    }
    const before = state.users.get(publicKey);
    const outcome = settle(publicKey, before ?? UNSEEN_USER, userDelta);
    traffic.push(...userDelta.traffic);
    const change = userChangeOf(userDelta, before, outcome, now);
    if (change !== null) userChanges.push(change);
  }
  for (const [publicKey, before] of state.users) {
    if (before.session !== null && !tallies.has(publicKey)) settle(publicKey, before, undefined);
  }

  const concerned = [...counters, ...events, ...traffic].flatMap(
    ({ publicKey }) => publicKey ?? [],
  );
  const deletedKeys = new Set(
    concerned.filter((publicKey) => ownActions.deletedKeys.has(publicKey)),
  );
  return {
    state: { interfaces, users },
    changes: {
      atMs: Math.round(now.wallMs),
      interfaces: interfaceChanges,
      counters: counters.map((counter) => withoutPerson(counter, deletedKeys)),
      users: userChanges,
      traffic,
      sessions,
      events: events.map((event) => withoutPerson(event, deletedKeys)),
      deletedKeys,
    },
  };
}

/** Of a deleted user nothing is kept that tells where the person was. */
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

/** What to write of a user that was read; null when nothing changed. */
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

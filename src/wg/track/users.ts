import type { Instant } from '../../domain/time/clock.ts';
import type { SessionChange, UserChange } from '../../domain/tracking/changes.ts';
import type { TrackingConstants } from '../../domain/tracking/constants.ts';
import type {
  InterfaceState,
  TrackerState,
  UserState,
} from '../../domain/tracking/tracker-state.ts';
import { changedCopy } from './changed-copy.ts';
import type { Findings } from './peer.ts';
import {
  isOnline,
  type PresenceChanges,
  settlePresence,
  UNSEEN_USER,
  type Whereabouts,
  wallOf,
} from './presence.ts';
import { TRACKED_A_STEP } from './step.ts';
import type { UserDelta } from './tally.ts';

/** Where peers are after a poll. */
export interface Places {
  readonly interfaces: ReadonlyMap<string, InterfaceState>;
  /** Peers of interfaces that could not be read, and peers that could not be read themselves. */
  readonly unknown: ReadonlySet<string>;
  /** Peers of interfaces that are gone. */
  readonly down: ReadonlySet<string>;
}

interface TrackedUsers {
  readonly state: ReadonlyMap<string, UserState>;
  readonly changes: readonly UserChange[];
  readonly sessions: readonly SessionChange[];
}

/** Settles every user that has something to report or whose session may be over. */
export function* trackUsers(
  state: TrackerState,
  { interfaces, unknown, down }: Places,
  now: Instant,
  constants: TrackingConstants,
  { tallies, removed, events, ownActions }: Findings,
): Generator<void, TrackedUsers> {
  const users = changedCopy(state.users);
  const changes: UserChange[] = [];
  const found: PresenceChanges = { sessions: [], events };
  /** On an interface that is up; it may have nothing to report. */
  const isPresent = (publicKey: string) =>
    [...interfaces.values()].some(({ up, peers }) => up && peers.get(publicKey)?.present);
  const whereabouts = (publicKey: string): Whereabouts => {
    if (unknown.has(publicKey)) return 'unknown';
    const isGone = removed.has(publicKey) || down.has(publicKey);
    if (!isGone || tallies.has(publicKey) || isPresent(publicKey)) return 'known';
    return removed.has(publicKey) ? 'removed' : 'interface-down';
  };
  const settle = (publicKey: string, before: UserState, userDelta: UserDelta | undefined) => {
    const removalReason = ownActions.removals.get(publicKey) ?? null;
    const user = settlePresence(
      {
        publicKey,
        before,
        userDelta,
        whereabouts: whereabouts(publicKey),
        now,
        constants,
        removalReason,
      },
      found,
    );
    if (user !== before) users.set(publicKey, user);
    return user;
  };
  const settleRead = (publicKey: string, userDelta: UserDelta): void => {
    const before = state.users.get(publicKey);
    const user = settle(publicKey, before ?? UNSEEN_USER, userDelta);
    if (before === undefined) users.set(publicKey, user);
    const change = userChangeOf(userDelta, before, user, now);
    if (change !== null) changes.push(change);
  };
  let settled = 0;
  for (const [publicKey, userDelta] of tallies) {
    if (++settled % TRACKED_A_STEP === 0) yield;
    if (!ownActions.deletedKeys.has(publicKey)) settleRead(publicKey, userDelta);
  }
  const mayBeGone = removed.size + down.size > 0;
  for (const [publicKey, before] of state.users) {
    if (before.session === null || tallies.has(publicKey)) continue;
    if (!mayBeGone && isOnline(before.provedMs, now, constants)) continue;
    settle(publicKey, before, undefined);
  }
  return { state: users.result(), changes, sessions: found.sessions };
}

/** The changes to write for a user that was read; null if nothing changed. */
function userChangeOf(
  userDelta: UserDelta,
  before: UserState | undefined,
  user: UserState,
  now: Instant,
): UserChange | null {
  const { rxBytes, txBytes, proof, allowedIps, persistentKeepaliveSeconds: keepalive } = userDelta;
  const hasNewEndpoint = user.endpoint !== null && user.endpoint !== before?.endpoint;
  const isConfigured = allowedIps !== undefined || keepalive !== undefined;
  const hasChanged =
    before === undefined ||
    rxBytes > 0n ||
    txBytes > 0n ||
    proof !== null ||
    isConfigured ||
    hasNewEndpoint;
  if (!hasChanged) return null;
  const change: Draft<UserChange> = {
    publicKey: userDelta.publicKey,
    interface: userDelta.interface,
    rxBytes,
    txBytes,
    openingRxBytes: userDelta.openingRxBytes,
    openingTxBytes: userDelta.openingTxBytes,
    currentRxBytes: userDelta.currentRxBytes,
    currentTxBytes: userDelta.currentTxBytes,
  };
  if (hasNewEndpoint) change.endpoint = user.endpoint as string;
  if (proof !== null) change.lastSeenMs = wallOf(proof.provedMs, now);
  if (allowedIps !== undefined) change.allowedIps = allowedIps;
  if (keepalive !== undefined) change.persistentKeepaliveSeconds = keepalive;
  return change;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

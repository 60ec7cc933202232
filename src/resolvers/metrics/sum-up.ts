import type { Config } from '../../config/config.ts';
import { permissionOf } from '../../domain/enforcement/permission.ts';
import { cutReasonOf, type Permission } from '../../domain/enforcement/policy.ts';
import type { TrackerState } from '../../domain/tracking/tracker-state.ts';
import type { Peer } from '../../metrics/peers.ts';
import type { InterfaceReading, PendingReason, Reading } from '../../metrics/reading.ts';
import type { UserRecord } from '../../store/records.ts';
import type { CurrentUser } from '../records.ts';
import { isEnforced, isPending } from '../user/enforcement.ts';
import { keptLabels } from './kept-labels.ts';
import { interfaceOf, type Place, placesOf } from './places.ts';

type Sums = Pick<Reading, 'peers' | 'interfaces' | 'pending' | 'missingUsers'>;
type Settings = Pick<Config, 'manage' | 'metricsLabels'>;

/** Users that are looked at between two turns of the event loop: about a millisecond of work. */
const USERS_A_TURN = 2_000;

/** Converts all users to what is exported of them, and counts them. */
export function* sumUp(
  users: readonly CurrentUser[],
  state: TrackerState,
  { manage, metricsLabels }: Settings,
  nowMs: number,
): Generator<void, Sums> {
  const places = placesOf(state);
  const interfaces = new Map<string, Counted>();
  for (const [name, { up }] of state.interfaces) interfaces.set(name, newCount(name, up));
  const peers: Peer[] = [];
  const pending = new Map<PendingReason, number>();
  let missingUsers = 0;
  for (const { user, lastLoginAt, steady } of users) {
    const place = places.get(user.publicKey);
    const name = interfaceOf(user.interface, place);
    const permission = permissionOf(user);
    const labels = keptLabels(steady, user, name, metricsLabels);
    peers.push(peerOf(user, { labels, place, lastLoginAt, permission }));
    if (name !== null) count(interfaces, name, user);
    if (manage) countPending(pending, user, permission, nowMs);
    if (user.missing) missingUsers++;
    if (peers.length % USERS_A_TURN === 0) yield;
  }
  return { peers, interfaces: [...interfaces.values()], pending, missingUsers };
}

interface PeerParts {
  readonly labels: string;
  readonly place: Place | undefined;
  readonly lastLoginAt: Date | null;
  readonly permission: Permission;
}

function peerOf(user: UserRecord, { labels, place, lastLoginAt, permission }: PeerParts): Peer {
  const { quotaLimitBytes: limitBytes, quotaUsedBytes: usedBytes } = permission;
  return {
    labels,
    rxBytes: user.rx,
    txBytes: user.tx,
    handshakeSeconds: place?.handshakeSeconds ?? 0,
    isOnline: user.online,
    sessionStartMs: user.online && lastLoginAt !== null ? lastLoginAt.getTime() : null,
    quota: limitBytes === null ? null : { limitBytes, usedBytes },
  };
}

/** Counts a user whose required state is not applied yet. */
function countPending(
  pending: Map<PendingReason, number>,
  user: UserRecord,
  permission: Permission,
  nowMs: number,
): void {
  const cutReason = cutReasonOf(permission, nowMs);
  if (!isEnforced(user, cutReason) || !isPending(user, cutReason)) return;
  const reason = cutReason ?? 'CONFIGURATION';
  pending.set(reason, (pending.get(reason) ?? 0) + 1);
}

type Counted = { -readonly [Name in keyof InterfaceReading]: InterfaceReading[Name] };

function newCount(name: string, isUp: boolean): Counted {
  return { name, isUp, configured: 0, enabled: 0, connected: 0 };
}

function count(interfaces: Map<string, Counted>, name: string, user: UserRecord): void {
  const one = interfaces.get(name) ?? newCount(name, false);
  interfaces.set(name, one);
  one.configured++;
  if (user.enabled) one.enabled++;
  if (user.online) one.connected++;
}

import type { EventChange } from '../../domain/tracking/changes.ts';
import type { PeerState } from '../../domain/tracking/tracker-state.ts';
import { areSamePrefixes } from '../../domain/wireguard/prefix.ts';
import type { OwnActions } from '../own-actions.ts';
import type { Delta } from './delta.ts';

export function interfaceEvent(
  type: EventChange['type'],
  name: string,
  reason: string | null,
): EventChange {
  return { type, publicKey: null, interface: name, endpoint: null, reason, isOwn: false };
}

/** A peer was removed from an interface that still exists. */
export function removalEvent(publicKey: string, name: string, ownActions: OwnActions): EventChange {
  const reason = ownActions.removals.get(publicKey) ?? null;
  const isOwn = reason !== null;
  return { type: 'PEER_REMOVED', publicKey, interface: name, endpoint: null, reason, isOwn };
}

/** The events of a peer that was read, compared with its known state. */
export function readingEvents(
  publicKey: string,
  name: string,
  peer: PeerState,
  mark: PeerState | undefined,
  delta: Delta,
  ownActions: OwnActions,
): EventChange[] {
  const { endpoint } = peer;
  const isOwn = ownActions.writes.has(publicKey);
  const event = (type: EventChange['type'], reason: string | null = null): EventChange => ({
    type,
    publicKey,
    interface: name,
    endpoint,
    reason,
    isOwn: isOwn && CONFIGURED.has(type),
  });
  const events: EventChange[] = [];
  if (endpoint !== null && mark?.endpoint != null && endpoint !== mark.endpoint) {
    events.push(event('ENDPOINT_CHANGED'));
  }
  if (mark === undefined || !mark.present) {
    const reason = ownActions.deletedKeys.has(publicKey) ? 'DELETED' : null;
    return [...events, event('PEER_ADDED', reason)];
  }
  if (delta.isReset && (mark.rxBytes > 0n || mark.txBytes > 0n)) {
    events.push(event('COUNTER_RESET'));
  }
  // The allowed IPs of a peer that is being removed were cleared; only its removal is an event.
  if (ownActions.removals.has(publicKey) && peer.allowedIps === '') return events;
  const changed = changedParts(mark, peer);
  return changed.length > 0 ? [...events, event('PEER_UPDATED', changed.join(','))] : events;
}

/** Changes of a peer's configuration have an author; the other events have none. */
const CONFIGURED: ReadonlySet<EventChange['type']> = new Set(['PEER_ADDED', 'PEER_UPDATED']);

/** Parts of the configuration that are known on both sides and differ. */
function changedParts(mark: PeerState, peer: PeerState): string[] {
  const parts: string[] = [];
  if (mark.allowedIps !== null && !areSamePrefixes(mark.allowedIps, peer.allowedIps)) {
    parts.push('ALLOWED_IPS');
  }
  const isKeepaliveKnown = mark.persistentKeepaliveSeconds !== undefined;
  if (isKeepaliveKnown && mark.persistentKeepaliveSeconds !== peer.persistentKeepaliveSeconds) {
    parts.push('PERSISTENT_KEEPALIVE');
  }
  const isKeyKnown = mark.presharedKeyDigest !== undefined;
  if (isKeyKnown && mark.presharedKeyDigest !== peer.presharedKeyDigest) {
    parts.push('PRESHARED_KEY');
  }
  return parts;
}

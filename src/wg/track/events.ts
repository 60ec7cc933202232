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

/** Adds the events of a peer that was read, compared with its known state. */
export function readingEvents(
  publicKey: string,
  name: string,
  peer: PeerState,
  mark: PeerState | undefined,
  delta: Delta,
  { events, ownActions }: { readonly events: EventChange[]; readonly ownActions: OwnActions },
): void {
  const { endpoint } = peer;
  const add = (type: EventChange['type'], reason: string | null = null): void => {
    const isOwn = CONFIGURED.has(type) && ownActions.writes.has(publicKey);
    events.push({ type, publicKey, interface: name, endpoint, reason, isOwn });
  };
  if (endpoint !== null && mark?.endpoint != null && endpoint !== mark.endpoint) {
    add('ENDPOINT_CHANGED');
  }
  if (mark === undefined || !mark.present) {
    add('PEER_ADDED', ownActions.deletedKeys.has(publicKey) ? 'DELETED' : null);
    return;
  }
  if (delta.isReset && (mark.rxBytes > 0n || mark.txBytes > 0n)) add('COUNTER_RESET');
  // The allowed IPs of a peer that is being removed were cleared; only its removal is an event.
  if (peer.allowedIps === '' && ownActions.removals.has(publicKey)) return;
  if (isSameConfiguration(mark, peer)) return;
  const changed = changedParts(mark, peer);
  if (changed.length > 0) add('PEER_UPDATED', changed.join(','));
}

/** In most polls it is. */
function isSameConfiguration(mark: PeerState, peer: PeerState): boolean {
  return (
    mark.allowedIps === peer.allowedIps &&
    mark.persistentKeepaliveSeconds === peer.persistentKeepaliveSeconds &&
    mark.presharedKeyDigest === peer.presharedKeyDigest
  );
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

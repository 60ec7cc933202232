import type { PeerState, TrackerState } from '../../domain/tracking/tracker-state.ts';

/** Returns the state after users were erased: it keeps the marks of their peers, and drops the endpoints. */
export function forgetUsers(state: TrackerState, publicKeys: ReadonlySet<string>): TrackerState {
  if (publicKeys.size === 0) return state;
  const users = new Map(state.users);
  const interfaces = new Map(state.interfaces);
  for (const publicKey of publicKeys) users.delete(publicKey);
  for (const [name, known] of state.interfaces) {
    interfaces.set(name, { ...known, peers: withoutPlaces(known.peers, publicKeys) });
  }
  return { interfaces, users };
}

function withoutPlaces(
  known: ReadonlyMap<string, PeerState>,
  publicKeys: ReadonlySet<string>,
): ReadonlyMap<string, PeerState> {
  const peers = new Map(known);
  for (const publicKey of publicKeys) {
    const peer = peers.get(publicKey);
    if (peer !== undefined) peers.set(publicKey, { ...peer, endpoint: null, reading: null });
  }
  return peers;
}

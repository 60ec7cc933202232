import type { TrackerState } from '../../domain/tracking/tracker-state.ts';

/** Where a key was at the last poll. */
export interface Place {
  /** The interfaces that have its peer. */
  readonly present: string[];
  /** The latest handshake on any of them, in epoch seconds; 0 means never. */
  handshakeSeconds: number;
}

/** Where all peers are, by public key. */
export function placesOf({ interfaces }: TrackerState): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const [name, { up, peers }] of interfaces) {
    if (!up) continue;
    for (const [publicKey, { present, handshake }] of peers) {
      if (!present) continue;
      const place = places.get(publicKey) ?? { present: [], handshakeSeconds: 0 };
      place.present.push(name);
      place.handshakeSeconds = Math.max(place.handshakeSeconds, handshake.epochSeconds);
      places.set(publicKey, place);
    }
  }
  return places;
}

/** The interface to name for a user: the assigned one, unless the peer is only on others. null: there is none. */
export function interfaceOf(assigned: string | null, place: Place | undefined): string | null {
  const present = place?.present ?? [];
  const isThere = assigned !== null && present.includes(assigned);
  return isThere ? assigned : (present[0] ?? assigned);
}

import type { PeerSnapshot, UnknownPeer } from '../../domain/wireguard/snapshot.ts';
import {
  copied,
  type KeyOf,
  type KnownFields,
  NAMED_TWICE,
  type RawPeer,
  readPeer,
} from './fields.ts';

/** How a response is written. */
export interface PeerFormat {
  readonly keyOf: KeyOf;
  /** The fields of a peer; null if no complete response contains such a text. */
  readonly fieldsOf: (text: string) => RawPeer | null;
}

/** The peers of one interface, with the implausible ones separated. */
export interface ReadPeers {
  readonly peers: PeerSnapshot[];
  readonly unknownPeers: UnknownPeer[];
}

/** One response, peer by peer. */
export interface PeerResponse {
  /**
   * Adds the peer with this key, in the notation of the response; false if no complete response contains such a
   * text.
   */
  add(key: string, text: string): boolean;
  end(): ReadPeers;
}

interface KnownPeer {
  /** In the notation of the response. */
  readonly key: string;
  readonly publicKey: string;
  /** A copy of what the response contained, so that no response is kept in memory. */
  text: string;
  /** null if the data is invalid. */
  known: KnownFields | null;
  result: PeerSnapshot | UnknownPeer;
  /** The number of the read in which the peer was listed last. */
  readNumber: number;
  /** The peer that was listed after it then: daemons list most peers in the order of the last time. */
  next: KnownPeer | null;
}

/**
 * Remembers the peers of one interface, because most have not changed at the next read: a peer with the same text
 * keeps its snapshot object, and of another only the fields that differ are checked.
 */
export function peerCache({ keyOf, fieldsOf }: PeerFormat): () => PeerResponse {
  const peers = new Map<string, KnownPeer>();
  let readNumber = 0;

  const peerOf = (key: string): KnownPeer | null => {
    const known = peers.get(key);
    if (known !== undefined) return known;
    const publicKey = keyOf(key);
    if (publicKey === null) return null;
    const result = { publicKey, reason: NAMED_TWICE };
    const own = copied(key);
    const peer: KnownPeer = {
      key: own,
      publicKey,
      text: '',
      known: null,
      result,
      readNumber: 0,
      next: null,
    };
    peers.set(own, peer);
    return peer;
  };

  const update = (peer: KnownPeer, text: string): boolean => {
    const { publicKey } = peer;
    const raw = fieldsOf(text);
    if (raw === null) return false;
    const read = readPeer(publicKey, raw, peer.known, keyOf);
    const isBad = 'en' in read;
    peer.known = isBad ? null : read;
    peer.result = isBad ? { publicKey, reason: read } : read.snapshot;
    peer.text = copied(text);
    return true;
  };

  const forgetUnlisted = (number: number): void => {
    for (const [key, peer] of peers) if (peer.readNumber !== number) peers.delete(key);
  };

  return () => {
    // A read that took too long may still go on beside this one.
    const number = ++readNumber;
    const results: (PeerSnapshot | UnknownPeer)[] = [];
    const twice = new Set<string>();
    let last: KnownPeer | null = null;
    return {
      add: (key, text) => {
        const peer = nextOf(last, key) ?? peerOf(key);
        if (peer === null) return false;
        if (last !== null) last.next = peer;
        last = peer;
        if (peer.text !== text && !update(peer, text)) return false;
        if (peer.readNumber === number) twice.add(peer.publicKey);
        else results.push(peer.result);
        peer.readNumber = number;
        return true;
      },
      end: () => {
        if (peers.size > results.length) forgetUnlisted(number);
        return separated(results, twice);
      },
    };
  };
}

/** The peer that followed another one last time, if it has this key: a comparison is quicker than a look-up. */
function nextOf(peer: KnownPeer | null, key: string): KnownPeer | null {
  const next = peer?.next ?? null;
  return next?.key === key ? next : null;
}

/** A peer that is listed twice is unknown, because it would be booked twice. */
function separated(
  results: readonly (PeerSnapshot | UnknownPeer)[],
  twice: ReadonlySet<string>,
): ReadPeers {
  const peers: PeerSnapshot[] = [];
  const unknownPeers: UnknownPeer[] = [];
  for (const result of results) {
    const { publicKey } = result;
    if (twice.has(publicKey)) unknownPeers.push({ publicKey, reason: NAMED_TWICE });
    else if ('reason' in result) unknownPeers.push(result);
    else peers.push(result);
  }
  return { peers, unknownPeers };
}

import { setImmediate } from 'node:timers/promises';
import type { PeerSnapshot, UnknownPeer } from '../../domain/wireguard/snapshot.ts';
import {
  copied,
  type KeyOf,
  type KnownFields,
  NAMED_TWICE,
  type RawPeer,
  readPeer,
} from './fields.ts';

/** The part of a response that describes one peer. */
export interface PeerText {
  /** The peer's public key, in the notation of the response. */
  readonly key: string;
  readonly text: string;
}

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

/** Reads the peers of one interface; null if no complete response contains such texts. */
export type PeerReader = (texts: Iterable<PeerText>) => Promise<ReadPeers | null>;

interface KnownPeer {
  readonly publicKey: string;
  /** As it was last; it belongs to the latest response, so that no older one is kept in memory. */
  text: string;
  /** null if the data is invalid. */
  known: KnownFields | null;
  result: PeerSnapshot | UnknownPeer;
  /** The number of the read in which the peer was listed last. */
  readNumber: number;
}

/** Peers parsed between two turns of the event loop: 2 to 4 ms of work if all have changed. */
const PEERS_A_SLICE = 1_000;

/**
 * Remembers the last read, because most peers have not changed at the next one: a peer with the same text keeps
 * its snapshot object, and of another only the fields that differ are checked.
 */
export function peerReader({ keyOf, fieldsOf }: PeerFormat): PeerReader {
  const peers = new Map<string, KnownPeer>();
  let readNumber = 0;

  const peerOf = (key: string): KnownPeer | null => {
    const known = peers.get(key);
    if (known !== undefined) return known;
    const publicKey = keyOf(key);
    if (publicKey === null) return null;
    const result = { publicKey, reason: NAMED_TWICE };
    const peer: KnownPeer = { publicKey, text: '', known: null, result, readNumber: 0 };
    peers.set(copied(key), peer);
    return peer;
  };

  /** null if no complete response contains such a text. */
  const update = ({ key, text }: PeerText): KnownPeer | null => {
    const peer = peerOf(key);
    if (peer === null) return null;
    if (peer.text !== text && !parse(peer, text)) return null;
    // Also if it is equal: the former one belongs to an older response.
    peer.text = text;
    return peer;
  };

  const parse = (peer: KnownPeer, text: string): boolean => {
    const { publicKey } = peer;
    const raw = fieldsOf(text);
    if (raw === null) return false;
    const read = readPeer(publicKey, raw, peer.known, keyOf);
    const isBad = 'en' in read;
    peer.known = isBad ? null : read;
    peer.result = isBad ? { publicKey, reason: read } : read.snapshot;
    return true;
  };

  const forgetUnlisted = (number: number): void => {
    for (const [key, peer] of peers) if (peer.readNumber !== number) peers.delete(key);
  };

  return async (texts) => {
    // A read that took too long may still go on beside this one.
    const number = ++readNumber;
    const results: (PeerSnapshot | UnknownPeer)[] = [];
    const twice = new Set<string>();
    for (const text of texts) {
      const peer = update(text);
      if (peer === null) return null;
      if (peer.readNumber === number) twice.add(peer.publicKey);
      else results.push(peer.result);
      peer.readNumber = number;
      if (results.length % PEERS_A_SLICE === 0) await setImmediate();
    }
    if (peers.size > results.length) forgetUnlisted(number);
    return separated(results, twice);
  };
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

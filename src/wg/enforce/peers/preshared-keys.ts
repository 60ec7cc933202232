import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { PolicyStore } from '../../../domain/enforcement/policy-store.ts';
import type { Text } from '../../../domain/errors.ts';
import type { PeerSnapshot } from '../../../domain/wireguard/snapshot.ts';
import type { PeerCommands } from '../../command/peers.ts';
import { presharedKeyDigest } from '../../read/key-digest.ts';
import { catchAppError } from '../catch-app-error.ts';

/** Stores preshared keys: a peer that is restored without its own can never be reached again. */
export interface KeyKeeper {
  /**
   * Stores the keys of all peers whose key changed since the last call. Returns those whose key could not be
   * read, by public key.
   */
  learn(
    reads: ReadonlyMap<string, ReadonlyMap<string, PeerSnapshot>>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Text>>;
  /** Whether a peer has the declared preshared key; also true if the declared one cannot be decrypted. */
  isAsDeclared(policy: PeerPolicy, reading: PeerSnapshot): boolean;
}

const NO_KEYS: ReadonlyMap<string, string | null> = new Map();

/** The snapshot without the peers of deleted users, whose secrets are not stored. */
export function withoutKeys(
  reads: ReadonlyMap<string, ReadonlyMap<string, PeerSnapshot>>,
  publicKeys: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlyMap<string, PeerSnapshot>> {
  if (publicKeys.size === 0) return reads;
  return new Map(
    [...reads].map(([name, peers]) => [
      name,
      new Map([...peers].filter(([publicKey]) => !publicKeys.has(publicKey))),
    ]),
  );
}

interface KnownKey {
  readonly publicKey: string;
  /** null means no key. */
  readonly presharedKey: string | null;
}

export function presharedKeys(commands: PeerCommands, store: PolicyStore): KeyKeeper {
  /** Digests of the keys that were read, by interface and public key. */
  const learnt = new Map<string, ReadonlyMap<string, string | null>>();
  /** By user; decrypting a key at every poll would cost more than reading it. */
  const declared = new Map<number, { readonly sealed: string; readonly digest: string | null }>();

  const isNew = (name: string, { publicKey, presharedKeyDigest: digest }: PeerSnapshot) =>
    learnt.get(name)?.get(publicKey) !== digest;

  const learnOn = async (
    name: string,
    peers: ReadonlyMap<string, PeerSnapshot>,
    changed: readonly PeerSnapshot[],
    signal: AbortSignal,
  ): Promise<void> => {
    const hasKey = changed.some(({ presharedKeyDigest: digest }) => digest !== null);
    const keys = hasKey ? await commands.presharedKeys(name, signal) : NO_KEYS;
    const found = changed
      .map(({ publicKey, presharedKeyDigest: digest }) => ({
        publicKey,
        presharedKey: digest === null ? null : keys.get(publicKey),
      }))
      // A key that changed in between is read at the next call.
      .filter((one): one is KnownKey => one.presharedKey !== undefined);
    if (found.length > 0) await store.capture(name, found);
    const known = new Set(found.map(({ publicKey }) => publicKey));
    const kept = [...peers.values()].filter(
      (peer) => known.has(peer.publicKey) || !isNew(name, peer),
    );
    learnt.set(name, new Map(kept.map((peer) => [peer.publicKey, peer.presharedKeyDigest])));
  };

  const declaredDigest = ({ userId, sealedPresharedKey: sealed }: PeerPolicy): string | null => {
    if (sealed === null) return null;
    const known = declared.get(userId);
    if (known?.sealed === sealed) return known.digest;
    const digest = presharedKeyDigest(Buffer.from(store.open(sealed), 'base64'));
    declared.set(userId, { sealed, digest });
    return digest;
  };

  return {
    learn: async (reads, signal) => {
      const unreadKeys = new Map<string, Text>();
      for (const [name, peers] of reads) {
        const changed = [...peers.values()].filter((peer) => isNew(name, peer));
        if (changed.length === 0 && learnt.get(name)?.size === peers.size) continue;
        const hasKey = ({ presharedKeyDigest: digest }: PeerSnapshot) => digest !== null;
        // Written separately, so that a key that cannot be stored does not delay peers without one.
        for (const some of [changed.filter((peer) => !hasKey(peer)), changed.filter(hasKey)]) {
          await catchAppError(
            () => learnOn(name, peers, some, signal),
            (text) => {
              for (const { publicKey } of some) unreadKeys.set(publicKey, text);
            },
          );
        }
      }
      return unreadKeys;
    },
    isAsDeclared: (policy, { presharedKeyDigest: digest }) => {
      if (!policy.presharedKeyKnown) return true;
      try {
        return declaredDigest(policy) === digest;
      } catch {
        return true;
      }
    },
  };
}

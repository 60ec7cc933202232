import type { ImportedPeer } from './imported.ts';

/**
 * Joins what several files say about the same peers, such as a database and the configuration that is written from it.
 * The first file that has a value decides; a peer that one of them disables is disabled.
 */
export function mergePeers(files: readonly (readonly ImportedPeer[])[]): ImportedPeer[] {
  const byKey = new Map<string, ImportedPeer>();
  for (const peer of files.flat()) {
    const known = byKey.get(peer.publicKey);
    byKey.set(peer.publicKey, known === undefined ? peer : completed(known, peer));
  }
  return [...byKey.values()];
}

function completed(known: ImportedPeer, more: ImportedPeer): ImportedPeer {
  return {
    publicKey: known.publicKey,
    interface: known.interface ?? more.interface,
    nickname: known.nickname || more.nickname,
    mail: known.mail || more.mail,
    note: known.note || more.note,
    enabled: known.enabled && more.enabled,
    expiresAt: known.expiresAt ?? more.expiresAt,
    allowedIps: known.allowedIps.length > 0 ? known.allowedIps : more.allowedIps,
    persistentKeepaliveSeconds: known.persistentKeepaliveSeconds ?? more.persistentKeepaliveSeconds,
    presharedKey: known.presharedKey ?? more.presharedKey,
    dataLimitMb: known.dataLimitMb ?? more.dataLimitMb,
    totals: known.totals ?? more.totals,
  };
}

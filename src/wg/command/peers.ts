import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKey } from '../../domain/wireguard/key.ts';
import { type WgTarget, wg } from './wg.ts';

/** The complete configuration of a peer, which WireGuard drops when the peer is removed. */
export interface PeerConfig {
  readonly publicKey: string;
  /** null is none. */
  readonly presharedKey: string | null;
  readonly allowedIps: readonly string[];
  /** null leaves it unchanged. */
  readonly endpoint: string | null;
  /** null is off. */
  readonly persistentKeepaliveSeconds: number | null;
}

/** The commands that change peers. Success of a command proves nothing: the result must be read back. */
export interface PeerCommands {
  /** Removes all allowed IPs of peers: no more traffic passes, while their counters stay. */
  clearAllowedIps(
    interfaceName: string,
    publicKeys: readonly string[],
    signal: AbortSignal,
  ): Promise<void>;
  remove(interfaceName: string, publicKeys: readonly string[], signal: AbortSignal): Promise<void>;
  /** Adds peers, or corrects existing ones. */
  write(interfaceName: string, peers: readonly PeerConfig[], signal: AbortSignal): Promise<void>;
  /** The preshared keys of all peers by public key; null is none. */
  presharedKeys(
    interfaceName: string,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string | null>>;
}

/** An argument list may have 2 MB here; 10 000 peers need less than half of that. */
const PEERS_PER_COMMAND = 10_000;

/** WireGuard's notation for "no preshared key". */
const NO_PRESHARED_KEY = `${'A'.repeat(43)}=`;

/**
 * Changes peers of this machine with `wg` or `awg`, on userspace interfaces as well as the kernel's. `targetOf`
 * returns how the command names an interface.
 */
export function peerCommands(targetOf: (interfaceName: string) => WgTarget): PeerCommands {
  return {
    clearAllowedIps: (name, publicKeys, signal) =>
      setEach(targetOf(name), publicKeys, ['allowed-ips', ''], signal),
    remove: (name, publicKeys, signal) => setEach(targetOf(name), publicKeys, ['remove'], signal),
    write: (name, peers, signal) => addPeers(targetOf(name), peers, signal),
    presharedKeys: async (name, signal) => {
      const target = targetOf(name);
      const output = await wg(['show', target.name, 'preshared-keys'], signal, target.tool);
      const keys = new Map<string, string | null>();
      for (const line of output.split('\n')) {
        const [publicKey = '', presharedKey = ''] = line.split('\t');
        if (!isKey(publicKey)) continue;
        if (presharedKey === '(none)') keys.set(publicKey, null);
        else if (isKey(presharedKey)) keys.set(publicKey, presharedKey);
      }
      return keys;
    },
  };
}

async function addPeers(
  target: WgTarget,
  peers: readonly PeerConfig[],
  signal: AbortSignal,
): Promise<void> {
  // The input is a deleted file: secrets must not be arguments, a child's stdin has no path, and a crash must
  // not leave secrets on the disk.
  const path = join(tmpdir(), `wgql-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
    await file.writeFile(peers.map(sectionOf).join('\n'));
    const input = `/proc/${process.pid}/fd/${file.fd}`;
    await wg(['addconf', target.name, input], signal, target.tool);
  } finally {
    await file.close();
  }
  const withoutPrefixes = peers.filter(({ allowedIps }) => allowedIps.length === 0);
  const keys = withoutPrefixes.map(({ publicKey }) => publicKey);
  await setEach(target, keys, ['allowed-ips', ''], signal);
}

/** The same for many peers, with one command. */
async function setEach(
  target: WgTarget,
  publicKeys: readonly string[],
  words: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < publicKeys.length; start += PEERS_PER_COMMAND) {
    const keys = publicKeys.slice(start, start + PEERS_PER_COMMAND);
    const peers = keys.flatMap((key) => ['peer', key, ...words]);
    await wg(['set', target.name, ...peers], signal, target.tool);
  }
}

function sectionOf(peer: PeerConfig): string {
  const lines = [
    '[Peer]',
    `PublicKey = ${peer.publicKey}`,
    `PresharedKey = ${peer.presharedKey ?? NO_PRESHARED_KEY}`,
    `PersistentKeepalive = ${peer.persistentKeepaliveSeconds ?? 'off'}`,
  ];
  if (peer.allowedIps.length > 0) lines.push(`AllowedIPs = ${peer.allowedIps.join(', ')}`);
  if (peer.endpoint !== null) lines.push(`Endpoint = ${peer.endpoint}`);
  return `${lines.join('\n')}\n`;
}

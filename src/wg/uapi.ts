import { connect } from 'node:net';
import { collectPeer, namesAnyTwice, parseCounter, parseWhole, truncated } from './dump.ts';
import { keyFromHex } from './peer-key.ts';
import { presharedKeyDigest } from './preshared-key.ts';
import type { GoodRead, PeerReading, UnknownPeer, UnknownRead } from './reading.ts';
import { publicKeyOf } from './x25519.ts';

interface Draft {
  publicKey: string;
  endpoint: string | null;
  allowedIps: string[];
  handshakeSeconds: number;
  handshakeNanoseconds: number;
  rxBytes: bigint | null;
  txBytes: bigint | null;
  keepaliveSeconds: number;
  presharedKeyDigest: string | null;
}

/**
 * Parses the answer to `get=1` of WireGuard's userspace protocol: `key=value` lines up to `errno=N`
 * and a blank line. Anything missing or malformed makes the whole answer unknown.
 */
export function parseUapi(answer: string): GoodRead | UnknownRead {
  const lines = answer.split('\n');
  if (lines.at(-1) !== '' || lines.at(-2) !== '' || lines.at(-3) !== 'errno=0') return truncated();

  let publicKey: string | null = null;
  let listenPort: number | null = null;
  const drafts: Draft[] = [];
  for (let index = 0; index < lines.length - 3; index++) {
    const line = lines[index] as string;
    const split = line.indexOf('=');
    if (split < 1) return truncated();
    const name = line.slice(0, split);
    const value = line.slice(split + 1);
    if (name === 'public_key') {
      const key = keyFromHex(value);
      if (key === null) return truncated();
      drafts.push(newDraft(key));
      continue;
    }
    const draft = drafts.at(-1);
    if (draft !== undefined) {
      if (!readPeerLine(draft, name, value)) return truncated();
    } else if (name === 'private_key') {
      publicKey = publicKeyOf(value);
    } else if (name === 'listen_port') {
      listenPort = parseWhole(value);
      if (listenPort === null) return truncated();
    }
  }

  const peers: PeerReading[] = [];
  const unknownPeers: UnknownPeer[] = [];
  for (const draft of drafts) {
    const peer = peerOf(draft);
    if (peer === null) return truncated();
    collectPeer(peer, peers, unknownPeers);
  }
  if (namesAnyTwice(drafts)) return truncated();
  return { kind: 'read', publicKey, listenPort: listenPort || null, peers, unknownPeers };
}

function newDraft(publicKey: string): Draft {
  return {
    publicKey,
    endpoint: null,
    allowedIps: [],
    handshakeSeconds: 0,
    handshakeNanoseconds: 0,
    rxBytes: null,
    txBytes: null,
    keepaliveSeconds: 0,
    presharedKeyDigest: null,
  };
}

/** Takes one line into the draft; false when its value is malformed. Unknown names are skipped. */
function readPeerLine(draft: Draft, name: string, value: string): boolean {
  switch (name) {
    case 'endpoint':
      draft.endpoint = value;
      return true;
    case 'preshared_key':
      if (keyFromHex(value) === null) return false;
      draft.presharedKeyDigest = presharedKeyDigest(Buffer.from(value, 'hex'));
      return true;
    case 'allowed_ip':
      draft.allowedIps.push(value);
      return true;
    case 'last_handshake_time_sec':
    case 'last_handshake_time_nsec':
    case 'persistent_keepalive_interval': {
      const number = parseWhole(value);
      if (number === null) return false;
      if (name === 'last_handshake_time_sec') draft.handshakeSeconds = number;
      else if (name === 'last_handshake_time_nsec') draft.handshakeNanoseconds = number;
      else draft.keepaliveSeconds = number;
      return true;
    }
    case 'rx_bytes':
    case 'tx_bytes': {
      const counter = parseCounter(value);
      if (counter === null) return false;
      if (name === 'rx_bytes') draft.rxBytes = counter;
      else draft.txBytes = counter;
      return true;
    }
    default:
      return true;
  }
}

/** null when it lacks its counters: taken for zeros they would look like a reset. */
function peerOf(draft: Draft): PeerReading | null {
  const { rxBytes, txBytes } = draft;
  if (rxBytes === null || txBytes === null) return null;
  return {
    publicKey: draft.publicKey,
    endpoint: draft.endpoint,
    allowedIps: draft.allowedIps,
    // boringtun writes an age, which is 0 seconds and some nanoseconds right after a handshake:
    // taken as "never" it would look like a reset of the counters.
    latestHandshake:
      draft.handshakeSeconds === 0 && draft.handshakeNanoseconds > 0 ? 1 : draft.handshakeSeconds,
    rxBytes,
    txBytes,
    persistentKeepaliveSeconds: draft.keepaliveSeconds || null,
    presharedKeyDigest: draft.presharedKeyDigest,
  };
}

/** Asks the daemon behind a userspace interface's socket. Rejects with the system's error. */
export function askUapi(socketPath: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ path: socketPath, signal });
    socket.on('connect', () => socket.write('get=1\n\n'));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (!endsAnswer(chunks)) return;
      resolve(Buffer.concat(chunks).toString('latin1'));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** The daemon keeps the connection open after its answer, which ends with a blank line. */
function endsAnswer(chunks: Buffer[]): boolean {
  const last = chunks.at(-1) as Buffer;
  if (last.length >= 2) return last.at(-1) === 10 && last.at(-2) === 10;
  const tail = Buffer.concat(chunks.slice(-2));
  return tail.length >= 2 && tail.at(-1) === 10 && tail.at(-2) === 10;
}

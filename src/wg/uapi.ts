import { parseU16, type RawPeer, readPeers, truncated } from './fields.ts';
import { keyFromHex } from './peer-key.ts';
import type { GoodRead, UnknownRead } from './reading.ts';
import { publicKeyOf } from './x25519.ts';

type Draft = { -readonly [Field in keyof RawPeer]: RawPeer[Field] } & { allowedIps: string[] };

/**
 * Parses the answer to `get=1` of WireGuard's userspace protocol: `key=value` lines up to `errno=N`
 * and a blank line. An answer that is not complete is unknown as a whole.
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
      takePeerLine(draft, name, value);
    } else if (name === 'private_key') {
      publicKey = publicKeyOf(value);
    } else if (name === 'listen_port') {
      listenPort = parseU16(value);
      if (listenPort === null) return truncated();
    }
  }
  return { kind: 'read', publicKey, listenPort: listenPort || null, ...readPeers(drafts) };
}

function newDraft(publicKey: string): Draft {
  return {
    publicKey,
    presharedKey: null,
    endpoint: null,
    allowedIps: [],
    handshakeSeconds: '0',
    handshakeNanoseconds: '0',
    // A peer that lacks its counters is not one with zeros: those would look like a reset.
    rxBytes: undefined,
    txBytes: undefined,
    keepaliveSeconds: '0',
  };
}

/** Takes one line into the draft. Unknown names are skipped. */
function takePeerLine(draft: Draft, name: string, value: string): void {
  switch (name) {
    case 'endpoint':
      draft.endpoint = value;
      break;
    case 'preshared_key':
      draft.presharedKey = keyFromHex(value) ?? '';
      break;
    case 'allowed_ip':
      draft.allowedIps.push(value);
      break;
    case 'last_handshake_time_sec':
      draft.handshakeSeconds = value;
      break;
    case 'last_handshake_time_nsec':
      draft.handshakeNanoseconds = value;
      break;
    case 'persistent_keepalive_interval':
      draft.keepaliveSeconds = value;
      break;
    case 'rx_bytes':
      draft.rxBytes = value;
      break;
    case 'tx_bytes':
      draft.txBytes = value;
      break;
  }
}

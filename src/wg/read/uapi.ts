import { keyFromHex } from '../../domain/wireguard/key.ts';
import type { GoodRead, UnknownRead } from '../../domain/wireguard/snapshot.ts';
import { publicKeyOf } from '../keys.ts';
import { parseU16, type RawPeer, readPeers, truncated } from './fields.ts';

/** What a complete answer ends with. */
const END = 'errno=0\n\n';

/** The most that wireguard-go has. */
const MAX_PEERS = 2 ** 16;

/** With two allowed IPs, so many peers are 11 lines each. */
const MAX_LINES = 1_000_000;

type Draft = { -readonly [Field in keyof RawPeer]: RawPeer[Field] } & {
  allowedIps: string[];
  /** Names of fields that were written. */
  readonly seen: Set<string>;
};

/**
 * Parses the answer to `get=1` of WireGuard's userspace protocol: `key=value` lines up to `errno=N`
 * and a blank line. An answer that is not complete is unknown as a whole.
 */
export function parseUapi(answer: string): GoodRead | UnknownRead {
  if (!answer.endsWith(END)) return truncated();
  let publicKey: string | null = null;
  let listenPort: number | null = null;
  const seen = new Set<string>();
  const drafts: Draft[] = [];
  const endAt = answer.length - END.length;
  let lines = 0;
  // Line by line, since an answer of millions of lines would take gigabytes as a list.
  for (let from = 0; from < endAt; ) {
    const to = answer.indexOf('\n', from);
    if (to >= endAt) return truncated();
    const line = answer.slice(from, to);
    from = to + 1;
    const split = line.indexOf('=');
    if (split < 1 || ++lines > MAX_LINES) return truncated();
    const name = line.slice(0, split);
    const value = line.slice(split + 1);
    if (name === 'errno') return truncated();
    if (name === 'public_key') {
      const key = keyFromHex(value);
      if (key === null || drafts.length === MAX_PEERS) return truncated();
      drafts.push(newDraft(key));
      continue;
    }
    const draft = drafts.at(-1);
    if (draft !== undefined) {
      takePeerLine(draft, name, value);
      continue;
    }
    if (seen.has(name)) return truncated();
    seen.add(name);
    if (name === 'private_key') publicKey = publicKeyOf(value);
    if (name === 'listen_port') {
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
    handshakeSeconds: undefined,
    handshakeNanoseconds: '0',
    // A peer that lacks its counters is not one with zeros: those would look like a reset.
    rxBytes: undefined,
    txBytes: undefined,
    keepaliveSeconds: '0',
    contradictsItself: false,
    seen: new Set(),
  };
}

/** Takes one line into the draft. Unknown names are skipped. */
function takePeerLine(draft: Draft, name: string, value: string): void {
  if (name !== 'allowed_ip') {
    if (draft.seen.has(name)) draft.contradictsItself = true;
    draft.seen.add(name);
  }
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

import { keyFromHex } from '../../domain/wireguard/key.ts';
import type { GoodRead, UnknownRead } from '../../domain/wireguard/snapshot.ts';
import { publicKeyOf } from '../keys.ts';
import { parseU16, type RawPeer, readPeers, truncated } from './fields.ts';

/** The end of a complete response. */
const END = 'errno=0\n\n';

/** The maximum of wireguard-go. */
const MAX_PEERS = 2 ** 16;

/** With two allowed IPs, each peer has 11 lines. */
const MAX_LINES = 1_000_000;

type Draft = { -readonly [Field in keyof RawPeer]: RawPeer[Field] } & {
  allowedIps: string[];
  /** Names of the fields read so far. */
  readonly seen: Set<string>;
};

/** The part of a response read so far. */
interface Answer {
  publicKey: string | null;
  listenPort: number | null;
  /** Names of the interface's own fields. */
  readonly seen: Set<string>;
  readonly drafts: Draft[];
}

/**
 * Parses the response to `get=1` of WireGuard's userspace protocol: `key=value` lines up to `errno=N` and a
 * blank line. An incomplete response is unknown as a whole.
 */
export function parseUapi(text: string): GoodRead | UnknownRead {
  if (!text.endsWith(END)) return truncated();
  const answer: Answer = { publicKey: null, listenPort: null, seen: new Set(), drafts: [] };
  const endAt = text.length - END.length;
  let lines = 0;
  // Parsed line by line, because a list of millions of lines would take gigabytes.
  for (let from = 0; from < endAt; ) {
    const to = text.indexOf('\n', from);
    if (to >= endAt || ++lines > MAX_LINES) return truncated();
    if (!takeLine(answer, text.slice(from, to))) return truncated();
    from = to + 1;
  }
  const { publicKey, listenPort, drafts } = answer;
  return { kind: 'read', publicKey, listenPort: listenPort || null, ...readPeers(drafts) };
}

/** Adds a line to the response; false if no complete response contains such a line. */
function takeLine(answer: Answer, line: string): boolean {
  const split = line.indexOf('=');
  if (split < 1) return false;
  const name = line.slice(0, split);
  const value = line.slice(split + 1);
  if (name === 'errno') return false;
  if (name === 'public_key') return takePeer(answer, value);
  const draft = answer.drafts.at(-1);
  if (draft === undefined) return takeInterfaceLine(answer, name, value);
  takePeerLine(draft, name, value);
  return true;
}

function takePeer({ drafts }: Answer, value: string): boolean {
  const key = keyFromHex(value);
  if (key === null || drafts.length === MAX_PEERS) return false;
  drafts.push(newDraft(key));
  return true;
}

function takeInterfaceLine(answer: Answer, name: string, value: string): boolean {
  if (answer.seen.has(name)) return false;
  answer.seen.add(name);
  if (name === 'private_key') answer.publicKey = publicKeyOf(value);
  if (name !== 'listen_port') return true;
  answer.listenPort = parseU16(value);
  return answer.listenPort !== null;
}

function newDraft(publicKey: string): Draft {
  return {
    publicKey,
    presharedKey: null,
    endpoint: null,
    allowedIps: [],
    handshakeSeconds: undefined,
    handshakeNanoseconds: '0',
    // Missing counters must not be read as zeros: those would look like a reset.
    rxBytes: undefined,
    txBytes: undefined,
    keepaliveSeconds: '0',
    contradictsItself: false,
    seen: new Set(),
  };
}

/** Adds a line to the draft. Unknown names are skipped. */
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

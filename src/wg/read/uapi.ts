import { keyFromHex } from '../../domain/wireguard/key.ts';
import type { GoodRead, UnknownRead } from '../../domain/wireguard/snapshot.ts';
import { publicKeyOf } from '../keys.ts';
import { MAX_ALLOWED_IPS, parseU16, type RawPeer, truncated } from './fields.ts';
import { type PeerText, peerReader } from './peer-cache.ts';

/** The end of a complete response. */
const END = 'errno=0\n\n';

/** The first line of each peer. */
const PEER = 'public_key=';

/** The maximum of wireguard-go. */
const MAX_PEERS = 2 ** 16;

/** Parses the responses of one interface. */
export type UapiParser = (text: string) => Promise<GoodRead | UnknownRead>;

/**
 * Parses responses to `get=1` of WireGuard's userspace protocol: `key=value` lines up to `errno=N` and a blank
 * line. An incomplete response is unknown as a whole.
 */
export function uapiParser(): UapiParser {
  const readPeers = peerReader({ keyOf: keyFromHex, fieldsOf });
  return async (text) => {
    if (!text.endsWith(END)) return truncated();
    const starts = startsOfPeers(text);
    const endAt = text.length - END.length;
    const own = readInterface(text.slice(0, starts[0] ?? endAt));
    if (own === null || starts.length > MAX_PEERS) return truncated();
    const read = await readPeers(peerTexts(text, starts, endAt));
    return read === null ? truncated() : { kind: 'read', ...own, ...read };
  };
}

function startsOfPeers(text: string): number[] {
  const starts: number[] = text.startsWith(PEER) ? [0] : [];
  for (let at = text.indexOf(`\n${PEER}`); at >= 0; at = text.indexOf(`\n${PEER}`, at + 1)) {
    starts.push(at + 1);
    if (starts.length > MAX_PEERS) break;
  }
  return starts;
}

/** The text of a peer begins after its key. */
function* peerTexts(text: string, starts: readonly number[], endAt: number): Generator<PeerText> {
  for (const [index, start] of starts.entries()) {
    const lineEnd = text.indexOf('\n', start);
    yield {
      key: text.slice(start + PEER.length, lineEnd),
      text: text.slice(lineEnd + 1, starts[index + 1] ?? endAt),
    };
  }
}

/** Calls `take` with each line; false if no complete response contains such a line. */
function takeLines(text: string, take: (name: string, value: string) => boolean): boolean {
  // Line by line, because a list of millions of lines would take gigabytes.
  for (let from = 0; from < text.length; ) {
    const to = text.indexOf('\n', from);
    const split = text.indexOf('=', from);
    if (to < 0 || split <= from || split > to) return false;
    if (!take(text.slice(from, split), text.slice(split + 1, to))) return false;
    from = to + 1;
  }
  return true;
}

/** The lines before the first peer; null if no complete response has them. */
function readInterface(text: string): Pick<GoodRead, 'publicKey' | 'listenPort'> | null {
  const fields = new Map<string, string>();
  const areGood = takeLines(text, (name, value) => {
    if (name === 'errno' || fields.has(name)) return false;
    fields.set(name, value);
    return true;
  });
  const port = parseU16(fields.get('listen_port') ?? '0');
  if (!areGood || port === null) return null;
  return { publicKey: publicKeyOf(fields.get('private_key') ?? ''), listenPort: port || null };
}

type Draft = { -readonly [Field in keyof RawPeer]: RawPeer[Field] };

/** The fields that a peer has once, each with a bit of its own. Unknown names are skipped. */
const FIELDS: ReadonlyMap<
  string,
  readonly [bit: number, set: (draft: Draft, value: string) => void]
> = new Map(
  Object.entries<(draft: Draft, value: string) => void>({
    preshared_key: (draft, value) => {
      draft.presharedKey = value;
    },
    endpoint: (draft, value) => {
      draft.endpoint = value;
    },
    last_handshake_time_sec: (draft, value) => {
      draft.handshakeSeconds = value;
    },
    last_handshake_time_nsec: (draft, value) => {
      draft.handshakeNanoseconds = value;
    },
    persistent_keepalive_interval: (draft, value) => {
      draft.keepaliveSeconds = value;
    },
    rx_bytes: (draft, value) => {
      draft.rxBytes = value;
    },
    tx_bytes: (draft, value) => {
      draft.txBytes = value;
    },
  }).map(([name, set], index) => [name, [1 << index, set] as const]),
);

function fieldsOf(text: string): RawPeer | null {
  const allowedIps: string[] = [];
  const draft: Draft = {
    presharedKey: null,
    endpoint: null,
    allowedIps,
    handshakeSeconds: undefined,
    handshakeNanoseconds: '0',
    // Missing counters must not be read as zeros: those would look like a reset.
    rxBytes: undefined,
    txBytes: undefined,
    keepaliveSeconds: '0',
    contradictsItself: false,
  };
  let seen = 0;
  const areGood = takeLines(text, (name, value) => {
    // One more than allowed is enough to reject them.
    if (name === 'allowed_ip')
      return allowedIps.length > MAX_ALLOWED_IPS || allowedIps.push(value) > 0;
    const field = FIELDS.get(name);
    if (field === undefined) return name !== 'errno';
    const [bit, set] = field;
    if ((seen & bit) !== 0) draft.contradictsItself = true;
    seen |= bit;
    set(draft, value);
    return true;
  });
  return areGood ? draft : null;
}

import { keyFromHex } from '../../domain/wireguard/key.ts';
import type { GoodRead, UnknownRead } from '../../domain/wireguard/snapshot.ts';
import * as keys from '../keys.ts';
import { MAX_ALLOWED_IPS, parseU16, type RawPeer, truncated } from './fields.ts';
import { keyDigest } from './key-digest.ts';
import { peerCache } from './peer-cache.ts';

/** The end of a complete response. */
const END = 'errno=0\n\n';

/** The first line of each peer. */
const PEER = 'public_key=';

/** The maximum of wireguard-go. */
const MAX_PEERS = 2 ** 16;

/** More than the largest number of allowed IPs takes; a longer one is no peer. */
const MAX_SECTION_LENGTH = 1024 * 1024;

/** Called with the name of a line that wgql does not know and ignores. */
export type OnUnknownName = (name: string) => void;

/** More names than any daemon has. */
const MAX_REPORTED = 20;

/** Each name is reported once. */
function reportOnce(onUnknown: OnUnknownName): OnUnknownName {
  const reported = new Set<string>();
  return (name) => {
    if (reported.has(name) || reported.size >= MAX_REPORTED) return;
    reported.add(name);
    onUnknown(name);
  };
}

/** The names of an interface; those after the first three are parameters of AmneziaWG. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  ...['private_key', 'listen_port', 'fwmark'],
  ...['jc', 'jmin', 'jmax', 's1', 's2', 's3', 's4', 'h1', 'h2', 'h3', 'h4'],
  ...['i1', 'i2', 'i3', 'i4', 'i5', 'j1', 'j2', 'j3', 'itime'],
]);

/** The names of a peer that say nothing here. */
const OTHER_PEER_NAMES: ReadonlySet<string> = new Set(['protocol_version', 'advanced_security']);

/** A response that arrives in parts. */
export interface UapiResponse {
  add(part: string): void;
  end(): GoodRead | UnknownRead;
}

/**
 * Parses the responses of one interface to `get=1` of WireGuard's userspace protocol: `key=value` lines up to
 * `errno=N` and a blank line. An incomplete response is unknown as a whole.
 */
export function uapiParser(onUnknown: OnUnknownName = () => {}): () => UapiResponse {
  const report = reportOnce(onUnknown);
  const newResponse = peerCache({
    keyOf: keyFromHex,
    fieldsOf: (text) => fieldsOf(text, report),
  });
  const publicKeyOf = knownPublicKey();
  return () => {
    const response = newResponse();
    let own: InterfaceFields | null = null;
    let peers = 0;
    let isGood = true;
    let rest = '';

    /** Takes what precedes the first peer, or one peer. */
    const takeSection = (section: string): boolean => {
      if (own === null) {
        own = readInterface(section, publicKeyOf, report);
        return own !== null;
      }
      const lineEnd = section.indexOf('\n');
      if (lineEnd < 0 || ++peers > MAX_PEERS) return false;
      return response.add(section.slice(PEER.length, lineEnd), section.slice(lineEnd + 1));
    };

    return {
      add: (part) => {
        rest += part;
        let from = 0;
        for (let to = sectionEnd(rest, from); isGood && to > 0; to = sectionEnd(rest, from)) {
          isGood = takeSection(rest.slice(from, to));
          from = to;
        }
        isGood &&= rest.length - from <= MAX_SECTION_LENGTH;
        rest = isGood ? rest.slice(from) : '';
      },
      end: () => {
        if (!isGood || !rest.endsWith(END)) return truncated();
        if (!takeSection(rest.slice(0, -END.length)) || own === null) return truncated();
        return { kind: 'read', ...(own as InterfaceFields), ...response.end() };
      },
    };
  };
}

/** Where the next peer begins. A section that is not followed by one may go on in the next part. */
function sectionEnd(text: string, from: number): number {
  return text.indexOf(`\n${PEER}`, from) + 1;
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

/** The public key of the latest private key is kept, because its computation takes a millisecond. */
function knownPublicKey(): (privateKey: string) => string | null {
  let digest: string | null = null;
  let publicKey: string | null = null;
  return (privateKey) => {
    const given = keyDigest(Buffer.from(privateKey));
    if (given !== digest) publicKey = keys.publicKeyOf(privateKey);
    digest = given;
    return publicKey;
  };
}

/** The lines before the first peer; null if no complete response has them. */
function readInterface(
  text: string,
  publicKeyOf: (privateKey: string) => string | null,
  report: OnUnknownName,
): InterfaceFields | null {
  const fields = new Map<string, string>();
  const areGood = takeLines(text, (name, value) => {
    if (name === 'errno' || fields.has(name)) return false;
    fields.set(name, value);
    if (!OWN_NAMES.has(name)) report(name);
    return true;
  });
  const port = parseU16(fields.get('listen_port') ?? '0');
  if (!areGood || port === null) return null;
  return { publicKey: publicKeyOf(fields.get('private_key') ?? ''), listenPort: port || null };
}

type InterfaceFields = Pick<GoodRead, 'publicKey' | 'listenPort'>;

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

function fieldsOf(text: string, report: OnUnknownName): RawPeer | null {
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
    if (field === undefined) {
      if (!OTHER_PEER_NAMES.has(name)) report(name);
      return name !== 'errno';
    }
    const [bit, set] = field;
    if ((seen & bit) !== 0) draft.contradictsItself = true;
    seen |= bit;
    set(draft, value);
    return true;
  });
  return areGood ? draft : null;
}

/** A peer line of `wg show NAME dump`. */
export interface DumpPeer {
  publicKey: string;
  /** null when there is none. */
  presharedKey: string | null;
  /** null when not known yet. */
  endpoint: string | null;
  allowedIps: string[];
  /** Epoch seconds, 0 for never. */
  latestHandshake: number;
  /** Bytes received from the peer, WireGuard's overhead included. */
  rx: bigint;
  /** Bytes sent to the peer, WireGuard's overhead included. */
  tx: bigint;
  /** Seconds, 0 for off. */
  keepalive: number;
}

/** The whole of `wg show NAME dump`. */
export interface Dump {
  /** null when no key is set. */
  publicKey: string | null;
  listenPort: number;
  peers: DumpPeer[];
}

/** Parses `wg show NAME dump`; throws when it is empty or a line is not what it should be. */
export function parseDump(text: string): Dump {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const fields = head.split('\t');
  if (fields.length !== 4) throw new Error(`Not an interface line: ${fields.length} fields`);
  const [, publicKey = '', listenPort] = fields;
  return {
    publicKey: optional(publicKey),
    listenPort: Number(listenPort),
    peers: lines.map(parsePeer),
  };
}

function parsePeer(line: string): DumpPeer {
  const fields = line.split('\t');
  if (fields.length !== 8) throw new Error(`Not a peer line: ${fields.length} fields`);
  const [publicKey = '', psk = '', endpoint = '', allowedIps = '', ...numbers] = fields;
  const [latestHandshake = '', rx = '', tx = '', keepalive = ''] = numbers;
  return {
    publicKey,
    presharedKey: optional(psk),
    endpoint: optional(endpoint),
    allowedIps: optional(allowedIps)?.split(',') ?? [],
    latestHandshake: Number(latestHandshake),
    rx: BigInt(rx),
    tx: BigInt(tx),
    keepalive: keepalive === 'off' ? 0 : Number(keepalive),
  };
}

function optional(field: string): string | null {
  return field === '(none)' ? null : field;
}

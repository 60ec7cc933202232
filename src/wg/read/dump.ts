import { isKey } from '../../domain/wireguard/key.ts';
import type { GoodRead, UnknownRead } from '../../domain/wireguard/snapshot.ts';
import { parseU16, type RawPeer, readPeers, truncated } from './fields.ts';

/**
 * Parses `wg show INTERFACE dump`: an interface line of 4 fields, then a line of 8 fields for each peer,
 * separated only by tabs. A line with another format makes the whole response unknown, and its text is not
 * included in the message because it may contain keys.
 */
export function parseDump(output: string): GoodRead | UnknownRead {
  const lines = output.split('\n');
  if (lines.pop() !== '') return truncated();
  const [interfaceLine, ...peerLines] = lines;
  if (interfaceLine === undefined) return truncated();
  const [privateKey, publicKey, listenPort, fwmark, ...rest] = interfaceLine.split('\t');
  if (privateKey === undefined || fwmark === undefined || rest.length > 0) return truncated();
  if (publicKey === undefined || !(publicKey === '(none)' || isKey(publicKey))) return truncated();
  const port = parseU16(listenPort ?? '');
  if (port === null) return truncated();

  const raw: RawPeer[] = [];
  for (const line of peerLines) {
    const peer = splitPeer(line);
    if (peer === null) return truncated();
    raw.push(peer);
  }
  return {
    kind: 'read',
    publicKey: publicKey === '(none)' ? null : publicKey,
    listenPort: port || null,
    ...readPeers(raw),
  };
}

/** null for a line that has no valid public key, or that ended early. */
function splitPeer(line: string): RawPeer | null {
  const fields = line.split('\t');
  if (fields.length !== 8) return null;
  const [publicKey, presharedKey, endpoint, allowedIps, handshake, rxBytes, txBytes, keepalive] =
    fields as [string, string, string, string, string, string, string, string];
  if (!isKey(publicKey)) return null;
  return {
    publicKey,
    presharedKey: presharedKey === '(none)' ? null : presharedKey,
    endpoint: endpoint === '(none)' ? null : endpoint,
    allowedIps: allowedIps === '(none)' ? [] : allowedIps.split(','),
    handshakeSeconds: handshake,
    handshakeNanoseconds: '0',
    rxBytes,
    txBytes,
    keepaliveSeconds: keepalive === 'off' ? '0' : keepalive,
    contradictsItself: false,
  };
}

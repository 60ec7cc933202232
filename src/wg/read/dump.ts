import { setImmediate } from 'node:timers/promises';
import { isKey } from '../../domain/wireguard/key.ts';
import type { GoodRead, UnknownRead } from '../../domain/wireguard/snapshot.ts';
import type { Tool } from '../command/wg.ts';
import { parseU16, type RawPeer, truncated } from './fields.ts';
import { type PeerResponse, peerCache } from './peer-cache.ts';

/** Lines parsed between two turns of the event loop: 2 to 4 ms of work if all have changed. */
const LINES_A_TURN = 1_000;

/** Parses the dumps of one interface. */
export type DumpParser = (output: string) => Promise<GoodRead | UnknownRead>;

/**
 * Parses `wg show INTERFACE dump`: an interface line of 4 fields, then a line of 8 fields for each peer,
 * separated only by tabs. The output of `awg` has more: parameters of the interface before its last field, and of a
 * peer after its own; they are ignored. A line with another format makes the whole response unknown, and its text is
 * not included in the message because it may contain keys.
 */
export function dumpParser(tool: Tool = 'wg'): DumpParser {
  const mayHaveMore = tool === 'awg';
  const newResponse = peerCache({
    keyOf: (text) => (isKey(text) ? text : null),
    fieldsOf: (text) => fieldsOf(text, mayHaveMore),
  });
  return async (output) => {
    if (!output.endsWith('\n')) return truncated();
    const interfaceEnd = output.indexOf('\n');
    const own = readInterface(output.slice(0, interfaceEnd), mayHaveMore);
    if (own === null) return truncated();
    const response = newResponse();
    const isGood = await addPeers(response, output, interfaceEnd + 1);
    return isGood ? { kind: 'read', ...own, ...response.end() } : truncated();
  };
}

/** false if no complete dump contains such lines. */
async function addPeers(response: PeerResponse, output: string, start: number): Promise<boolean> {
  let lines = 0;
  for (let from = start; from < output.length; ) {
    const to = output.indexOf('\n', from);
    const keyEnd = output.indexOf('\t', from);
    if (keyEnd < 0 || keyEnd > to) return false;
    if (!response.add(output.slice(from, keyEnd), output.slice(keyEnd + 1, to))) return false;
    from = to + 1;
    if (++lines % LINES_A_TURN === 0) await setImmediate();
  }
  return true;
}

function readInterface(
  line: string,
  mayHaveMore: boolean,
): Pick<GoodRead, 'publicKey' | 'listenPort'> | null {
  const [privateKey, publicKey, listenPort, ...others] = line.split('\t');
  if (privateKey === undefined || others.length === 0) return null;
  if (others.length > 1 && !mayHaveMore) return null;
  if (publicKey === undefined || !(publicKey === '(none)' || isKey(publicKey))) return null;
  const port = parseU16(listenPort ?? '');
  if (port === null) return null;
  return { publicKey: publicKey === '(none)' ? null : publicKey, listenPort: port || null };
}

/** The fields of a peer after its public key. */
const PEER_FIELDS = 7;

/** null for a line that ended early or has more fields. */
function fieldsOf(text: string, mayHaveMore: boolean): RawPeer | null {
  const fields = text.split('\t');
  if (fields.length < PEER_FIELDS || (fields.length > PEER_FIELDS && !mayHaveMore)) return null;
  const [presharedKey, endpoint, allowedIps, handshake, rxBytes, txBytes, keepalive] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
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

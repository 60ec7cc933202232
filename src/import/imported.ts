import { AppError, type Text } from '../domain/errors.ts';
import { withoutSecrets } from '../domain/secret-like.ts';
import { isKey } from '../domain/wireguard/key.ts';
import {
  cleanText,
  interfaceOf,
  keepaliveOf,
  mailOf,
  prefixesOf,
  presharedKeyOf,
} from './fields.ts';
import { PROBLEMS } from './texts.ts';

/** A peer as another tool declared it. */
export interface ImportedPeer {
  readonly publicKey: string;
  /** null if the file does not name it. */
  readonly interface: string | null;
  /** Empty if the file has none; so are the mail address and the note. */
  readonly nickname: string;
  readonly mail: string;
  readonly note: string;
  readonly enabled: boolean;
  readonly expiresAt: Date | null;
  /** The allowed IPs of the peer on the server, in WireGuard's notation. */
  readonly allowedIps: readonly string[];
  /** The keepalive that the server sends; null is off. */
  readonly persistentKeepaliveSeconds: number | null;
  /** Secret. */
  readonly presharedKey: string | null;
  readonly dataLimitMb: number | null;
  /** null if the tool keeps none. */
  readonly totals: Totals | null;
}

/** Bytes that the server received and sent. */
export interface Totals {
  readonly rx: bigint;
  readonly tx: bigint;
}

/** A peer that is left out, and why. */
export interface PeerProblem {
  /** The public key, or the name, or the number of the peer in the file. */
  readonly peer: Text;
  /** Completes a sentence that begins with the peer. */
  readonly text: Text;
}

/** The content of one file. Private keys are not part of it. */
export interface Imported {
  readonly peers: readonly ImportedPeer[];
  /** What is not taken over from any peer, and why. */
  readonly left: readonly Text[];
  readonly problems: readonly PeerProblem[];
}

/** A peer as a file has it; absent values are null, undefined or empty. */
export interface RawPeer {
  readonly publicKey: unknown;
  readonly interface?: unknown;
  readonly nickname?: unknown;
  readonly mail?: unknown;
  readonly note?: unknown;
  readonly enabled?: boolean;
  readonly expiresAt?: Date | null;
  readonly allowedIps: readonly unknown[];
  readonly keepalive?: unknown;
  readonly presharedKey?: unknown;
  readonly dataLimitMb?: number | null;
  readonly totals?: Totals | null;
  /** What the parser of the format found. */
  readonly problem?: Text | undefined;
}

/** Collects the peers of a file. */
export interface ImportBuilder {
  /** Takes the peer over, or records why it is left out. */
  add(raw: RawPeer): void;
  /** Records what is not taken over; each text is reported once. */
  leave(text: Text): void;
  end(): Imported;
}

/** More than any server has; a larger file is refused before it uses up the memory. */
export const MAX_PEERS = 100_000;

/** Throws an `AppError` if the file has more than `MAX_PEERS` peers. */
export function newImport(): ImportBuilder {
  const peers = new Map<string, ImportedPeer>();
  const left = new Map<string, Text>();
  const problems: PeerProblem[] = [];
  let position = 0;
  const leave = (text: Text) => void left.set(text.en, text);
  return {
    add: (raw) => {
      position += 1;
      if (position > MAX_PEERS) throw tooManyPeers();
      const read = readPeer(raw, peers, leave);
      if ('en' in read) problems.push({ peer: labelOf(raw, position), text: read });
      else peers.set(read.publicKey, read);
    },
    leave,
    end: () => ({ peers: [...peers.values()], left: [...left.values()], problems }),
  };
}

function readPeer(
  raw: RawPeer,
  peers: ReadonlyMap<string, ImportedPeer>,
  leave: (text: Text) => void,
): ImportedPeer | Text {
  const publicKey = keyIn(raw.publicKey);
  if (publicKey === '') return PROBLEMS.noKey;
  if (!isKey(publicKey)) return PROBLEMS.invalidKey;
  if (peers.has(publicKey)) return PROBLEMS.duplicate;
  if (raw.problem !== undefined) return raw.problem;
  const allowedIps = prefixesOf(raw.allowedIps);
  if (allowedIps === undefined) return PROBLEMS.allowedIps;
  const persistentKeepaliveSeconds = keepaliveOf(raw.keepalive);
  if (persistentKeepaliveSeconds === undefined) return PROBLEMS.keepalive;
  const presharedKey = presharedKeyOf(raw.presharedKey);
  if (presharedKey === undefined) return PROBLEMS.presharedKey;
  return {
    publicKey,
    interface: interfaceOf(raw.interface, leave),
    nickname: cleanText(raw.nickname, leave),
    mail: mailOf(raw.mail, leave),
    note: cleanText(raw.note, leave),
    enabled: raw.enabled ?? true,
    expiresAt: raw.expiresAt ?? null,
    allowedIps,
    persistentKeepaliveSeconds,
    presharedKey,
    dataLimitMb: raw.dataLimitMb ?? null,
    totals: raw.totals ?? null,
  };
}

function keyIn(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function labelOf(raw: RawPeer, position: number): Text {
  const publicKey = keyIn(raw.publicKey);
  if (isKey(publicKey)) return { en: publicKey, zh: publicKey };
  const nickname = withoutSecrets(cleanText(raw.nickname, () => undefined));
  if (nickname !== '') return { en: JSON.stringify(nickname), zh: JSON.stringify(nickname) };
  return { en: `Peer ${position}`, zh: `第 ${position} 个对等节点` };
}

function tooManyPeers(): AppError {
  return new AppError('PAYLOAD_TOO_LARGE', {
    en: `The file has more than ${MAX_PEERS} peers; split it.`,
    zh: `文件中的对等节点超过 ${MAX_PEERS} 个；请拆分文件。`,
  });
}

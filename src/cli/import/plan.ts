import type { Text } from '../../domain/errors.ts';
import type { ImportedPeer } from '../../import/imported.ts';
import type { ReadFile } from '../../import/read-path.ts';
import { tableOf } from '../table.ts';

/** What the server says becomes of a peer. */
export interface PlannedUser {
  readonly publicKey: string;
  readonly action: 'CREATE' | 'UPDATE' | 'NONE' | 'LEAVE_OUT';
  readonly fields: readonly string[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface Plan {
  readonly applied: boolean;
  readonly results: readonly PlannedUser[];
}

const KEY_START = 8;

/** Formats the plan: a line for each peer. */
export function linesOfPlan({ results }: Plan, peers: readonly ImportedPeer[]): string[] {
  if (results.length === 0) return [];
  const byKey = new Map(peers.map((peer) => [peer.publicKey, peer]));
  const rows = results.map(({ publicKey, action, fields, error }) => [
    error === null ? ACTIONS[action] : 'refused',
    byKey.get(publicKey)?.nickname || `${publicKey.slice(0, KEY_START)}…`,
    byKey.get(publicKey)?.interface ?? '-',
    byKey.get(publicKey)?.allowedIps.join(',') || '-',
    error?.message ?? (fields.join(', ') || '-'),
  ]);
  return tableOf([['WHAT', 'NAME', 'INTERFACE', 'ALLOWED IPS', 'SETS'], ...rows]);
}

const ACTIONS = { CREATE: 'create', UPDATE: 'update', NONE: 'unchanged', LEAVE_OUT: 'leave out' };

/** What of the files is not taken over, a sentence each. */
export function notTaken(files: readonly ReadFile[]): Text[] {
  const sentences = files.flatMap(({ path, content, skipped }) => [
    ...(skipped === null ? [] : [about({ en: path, zh: path }, skipped)]),
    ...(content?.left ?? []),
    ...(content?.problems ?? []).map(({ peer, text }) => about(peer, text)),
  ]);
  return [...new Map(sentences.map((text) => [text.en, text])).values()];
}

function about(what: Text, { en, zh }: Text): Text {
  return { en: `${what.en} ${en}`, zh: `${what.zh} ${zh}` };
}

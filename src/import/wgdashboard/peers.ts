import { MAX_BYTES } from '../../domain/bytes.ts';
import type { ImportBuilder, Totals } from '../imported.ts';
import type { Row } from '../tables.ts';
import { LEFT, PROBLEMS } from '../texts.ts';
import type { Jobs } from './jobs.ts';

/** The columns of a peer that are read; the private key is not one of them. */
export const PEER_COLUMNS = [
  'id',
  'name',
  'notes',
  'allowed_ip',
  'preshared_key',
  'total_receive',
  'total_sent',
  'cumu_receive',
  'cumu_sent',
] as const;

export type DashboardPeer = Row<(typeof PEER_COLUMNS)[number]>;

/** What a table of WGDashboard contains. */
export interface TableRole {
  readonly configuration: string;
  readonly content: 'peers' | 'disabled' | 'deleted' | 'history';
}

/** The other tables of a configuration have its name and one of these endings. */
const ENDINGS = {
  _restrict_access: 'disabled',
  _deleted: 'deleted',
  _transfer: 'history',
  _history_endpoint: 'history',
  _traffic_snapshot: 'history',
} as const;

const BYTES_PER_GB = 2 ** 30;

export function roleOf(table: string): TableRole {
  for (const [ending, content] of Object.entries(ENDINGS)) {
    if (table.endsWith(ending)) return { configuration: table.slice(0, -ending.length), content };
  }
  return { configuration: table, content: 'peers' };
}

/** Records what no table of this role has for wgql. */
export function leaveOf({ content }: TableRole, builder: ImportBuilder): void {
  if (content === 'deleted') builder.leave(LEFT.deletedPeers);
  else if (content === 'history') builder.leave(LEFT.history);
  else {
    builder.leave(LEFT.privateKeys);
    builder.leave(LEFT.clientSettings);
  }
}

/** `problem` is what is wrong with the row itself. */
export function addPeer(
  builder: ImportBuilder,
  { configuration, content }: TableRole,
  peer: DashboardPeer,
  jobs: Jobs,
): void {
  const { expiresAt, dataLimitMb, problem } = jobs.limitsOf(configuration, peer.id);
  const totals = totalsOf(peer);
  if (totals === undefined) builder.leave(LEFT.totals);
  builder.add({
    publicKey: peer.id,
    interface: configuration,
    nickname: peer.name,
    note: peer.notes,
    enabled: content !== 'disabled',
    expiresAt,
    // Its keepalive is that of the client, which the server does not use.
    allowedIps: typeof peer.allowed_ip === 'string' ? peer.allowed_ip.split(',') : [],
    presharedKey: peer.preshared_key,
    dataLimitMb,
    totals: totals ?? null,
    problem,
  });
}

/** A row whose values cannot be assigned to columns. */
export function addUnknownRow(builder: ImportBuilder, publicKey: unknown): void {
  builder.add({ publicKey, allowedIps: [], problem: PROBLEMS.values });
}

/**
 * The bytes of a peer before and since the last reset of its interface, which WGDashboard keeps as GB; null
 * if it has none, undefined if they are not such numbers.
 */
function totalsOf(peer: DashboardPeer): Totals | null | undefined {
  const values = [peer.total_receive, peer.cumu_receive, peer.total_sent, peer.cumu_sent];
  if (values.every((value) => value === null)) return null;
  const rx = bytesOf(peer.total_receive, peer.cumu_receive);
  const tx = bytesOf(peer.total_sent, peer.cumu_sent);
  return rx === undefined || tx === undefined ? undefined : { rx, tx };
}

function bytesOf(total: unknown, cumulated: unknown): bigint | undefined {
  const bytes = Math.round((Number(total) + Number(cumulated)) * BYTES_PER_GB);
  if (!(bytes >= 0) || bytes > Number(MAX_BYTES)) return undefined;
  const exact = BigInt(bytes);
  return exact > MAX_BYTES ? undefined : exact;
}

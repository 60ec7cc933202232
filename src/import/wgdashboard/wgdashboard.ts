import type { Calendar } from '../../domain/time/calendar.ts';
import { type ImportBuilder, type Imported, newImport } from '../imported.ts';
import { type Tables, withTables } from '../tables.ts';
import { textOf } from '../text-file.ts';
import { LEFT } from '../texts.ts';
import { type Jobs, NO_JOBS, readJobs } from './jobs.ts';
import {
  addPeer,
  addUnknownRow,
  type DashboardPeer,
  leaveOf,
  PEER_COLUMNS,
  roleOf,
} from './peers.ts';
import { type Insert, insertsIn } from './sql-inserts.ts';

/** The columns of a backup that does not name them: WGDashboard wrote such backups before it had notes. */
const UNNAMED_COLUMNS = [
  ...['id', 'private_key', 'DNS', 'endpoint_allowed_ip', 'name', 'total_receive', 'total_sent'],
  ...['total_data', 'endpoint', 'status', 'latest_handshake', 'allowed_ip', 'cumu_receive'],
  ...['cumu_sent', 'cumu_data', 'mtu', 'keepalive', 'remote_endpoint', 'preshared_key'],
];

/** A database of jobs, and the time zone of the server that wrote it. */
export interface JobsFile {
  readonly path: string;
  readonly calendar: Calendar;
}

/** Reads the `wgdashboard.db` of WGDashboard 4: all configurations, with the limits that its jobs set. */
export function readWgdashboard(path: string, jobsFile: JobsFile | null): Imported {
  const jobs = jobsFile === null ? NO_JOBS : readJobs(jobsFile.path, jobsFile.calendar);
  return withTables(path, (tables) => {
    const builder = newBuilder(jobs);
    for (const table of tables.names) addTable(builder, tables, table, jobs);
    return builder.end();
  });
}

/** Reads the `.sql` file of a backup of one configuration. A backup has no jobs. */
export function readWgdashboardBackup(file: string): Imported {
  const builder = newBuilder(NO_JOBS);
  for (const insert of insertsIn(textOf(file))) addInsert(builder, insert);
  return builder.end();
}

export function isWgdashboard({ names, columnsOf }: Tables): boolean {
  return names.some((table) => isOfPeers(columnsOf(table)));
}

/** The first value of the rows in all its tables is a public key. */
const FIRST_INSERT =
  /^\s*INSERT INTO\s+"?[^"'\s(]{1,64}"?\s*(?:\([^)']{0,1000}\)\s*)?VALUES\s*\('[A-Za-z0-9+/]{43}='/i;

export function isWgdashboardBackup(file: string): boolean {
  return FIRST_INSERT.test(textOf(file));
}

function newBuilder(jobs: Jobs): ImportBuilder {
  const builder = newImport();
  builder.leave(LEFT.interfaceSettings);
  if (jobs.hasOthers) builder.leave(LEFT.jobs);
  return builder;
}

function isOfPeers(columns: ReadonlySet<string>): boolean {
  return columns.has('id') && columns.has('private_key') && columns.has('allowed_ip');
}

function addTable(builder: ImportBuilder, tables: Tables, table: string, jobs: Jobs): void {
  const role = roleOf(table);
  const isKnown = role.content !== 'peers' || isOfPeers(tables.columnsOf(table));
  if (!isKnown) return;
  leaveOf(role, builder);
  if (role.content !== 'peers' && role.content !== 'disabled') return;
  for (const peer of tables.rowsOf(table, PEER_COLUMNS)) addPeer(builder, role, peer, jobs);
}

function addInsert(builder: ImportBuilder, { table, columns, values }: Insert): void {
  const role = roleOf(table);
  leaveOf(role, builder);
  if (role.content !== 'peers' && role.content !== 'disabled') return;
  const names = columns ?? UNNAMED_COLUMNS;
  const entries = PEER_COLUMNS.map((column) => [column, values[names.indexOf(column)] ?? null]);
  if (names.length !== values.length) addUnknownRow(builder, values[0]);
  else addPeer(builder, role, Object.fromEntries(entries) as DashboardPeer, NO_JOBS);
}

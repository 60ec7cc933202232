import type { Text } from '../../domain/errors.ts';
import type { Calendar } from '../../domain/time/calendar.ts';
import { expiryOf } from '../expiry.ts';
import { type Row, type Tables, withTables } from '../tables.ts';
import { PROBLEMS } from '../texts.ts';

const TABLE = 'PeerJobs';
const COLUMNS = [
  'Configuration',
  'Peer',
  'Field',
  'Operator',
  'Value',
  'ExpireDate',
  'Action',
] as const;

type Job = Row<(typeof COLUMNS)[number]>;

/** What the jobs of a peer limit. */
export interface JobLimits {
  readonly expiresAt: Date | null;
  readonly dataLimitMb: number | null;
  /** The first job that cannot be read. */
  readonly problem?: Text | undefined;
}

export interface Jobs {
  limitsOf(configuration: string, publicKey: unknown): JobLimits;
  /** Whether there are jobs that wgql has no limit for. */
  readonly hasOthers: boolean;
}

export const NO_LIMITS: JobLimits = { expiresAt: null, dataLimitMb: null };
export const NO_JOBS: Jobs = { limitsOf: () => NO_LIMITS, hasOthers: false };

const MB_PER_GB = 1024;
/** The largest limit that the APIs accept. */
const MAX_LIMIT_MB = 2_147_483_647;

/**
 * Reads the `wgdashboard_job.db` of WGDashboard. It writes times in the time zone of its server, without an
 * offset. Of several jobs for one peer, the earliest time and the smallest amount apply.
 */
export function readJobs(path: string, calendar: Calendar): Jobs {
  const limits = new Map<string, JobLimits>();
  const hasOthers = withTables(path, (tables) => {
    let others = false;
    for (const job of tables.rowsOf(TABLE, COLUMNS)) {
      // A job that was carried out or deleted keeps its row.
      if (job.ExpireDate !== null) continue;
      const limit = limitOf(job, calendar);
      if (limit === null) others = true;
      else addTo(limits, keyOf(String(job.Configuration), job.Peer), limit);
    }
    return others;
  });
  return {
    limitsOf: (configuration, publicKey) =>
      limits.get(keyOf(configuration, publicKey)) ?? NO_LIMITS,
    hasOthers,
  };
}

export function isJobsDatabase({ names, columnsOf }: Tables): boolean {
  return names.includes(TABLE) && columnsOf(TABLE).has('Operator');
}

function keyOf(configuration: string, publicKey: unknown): string {
  return `${configuration}/${String(publicKey)}`;
}

/** null if the job restricts nothing that wgql can restrict. */
function limitOf(job: Job, calendar: Calendar): JobLimits | null {
  if (job.Action !== 'restrict' || job.Operator !== 'lgt') return null;
  if (job.Field === 'date') {
    const expiresAt = expiryOf(job.Value, calendar) ?? null;
    return { ...NO_LIMITS, expiresAt, ...(expiresAt === null && { problem: PROBLEMS.expiry }) };
  }
  if (job.Field !== 'total_data') return null;
  const dataLimitMb = megabytesOf(job.Value);
  return {
    ...NO_LIMITS,
    dataLimitMb,
    ...(dataLimitMb === null && { problem: PROBLEMS.dataLimit }),
  };
}

function megabytesOf(value: unknown): number | null {
  // An empty text would be the number 0.
  const gigabytes = String(value).trim() === '' ? Number.NaN : Number(value);
  const megabytes = Math.ceil(gigabytes * MB_PER_GB);
  return megabytes > 0 && megabytes <= MAX_LIMIT_MB ? megabytes : null;
}

function addTo(limits: Map<string, JobLimits>, key: string, limit: JobLimits): void {
  const before = limits.get(key) ?? NO_LIMITS;
  limits.set(key, {
    expiresAt: smaller(before.expiresAt, limit.expiresAt),
    dataLimitMb: smaller(before.dataLimitMb, limit.dataLimitMb),
    problem: before.problem ?? limit.problem,
  });
}

function smaller<T extends Date | number>(one: T | null, other: T | null): T | null {
  if (one === null || other === null) return one ?? other;
  return one <= other ? one : other;
}

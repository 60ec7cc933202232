import { setImmediate } from 'node:timers/promises';
import { BUCKET_MS } from '../../domain/tracking/constants.ts';
import type { DirectTransaction } from '../database/connection.ts';
import type { Database } from '../database/open.ts';
import { writeMeta } from '../meta.ts';
import { book, type SpanBytes } from './book.ts';
import { writeKeptSince } from './kept-since.ts';
import { ALL_USERS, QUARTERS_OF_TWO_DAYS, quarterFrom, quarterOf, type Zone } from './levels.ts';
import { type Progress, progressOf } from './progress.ts';

/** The tables of earlier versions: each byte is in one row, of a quarter hour, an hour or a day. */
const OLD = [
  { table: 'OldTraffic', owner: '"userId"', key: ['"userId"', '"start"', '"end"'] },
  { table: 'OldTrafficTotal', owner: String(ALL_USERS), key: ['"start"', '"end"'] },
] as const;
type Old = (typeof OLD)[number];

/** Rows moved by one transaction: 20 to 50 ms of work. */
const ROWS_A_PART = 2_000;

/** How far the first table that is left has been moved: its last row, and the number of rows. */
const MOVED = 'trafficMoved';

interface Moved {
  readonly userId: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly rows: number;
}

const NOTHING: Moved = { userId: 0, startMs: -1, endMs: 0, rows: 0 };

/**
 * Moves the rows of earlier versions to the tables of this one. Each part is a transaction that also records how far
 * it came, so that the next start continues where this one was interrupted.
 */
export async function moveOldTraffic(db: Database, zone: Zone, progress: Progress): Promise<void> {
  const left = await oldTables(db);
  if (left.length === OLD.length) await db.$direct(keepOldBounds);
  const report = progressOf(progress, {
    en: 'The traffic of an earlier version is being moved',
    zh: '正在迁移旧版本的流量记录',
  });
  const rows = await countRows(db, left);
  let before = 0;
  for (const old of left) {
    let part: Part;
    do {
      part = await db.$direct((tx) => movePart(tx, zone, old));
      report(before + part.moved, rows);
      await setImmediate();
    } while (!part.isDone);
    before += part.moved;
  }
}

async function countRows(db: Database, tables: readonly Old[]): Promise<number> {
  let rows = 0;
  for (const { table } of tables) {
    const [[count = 0] = []] = await db.$read(`SELECT COUNT(*) FROM "${table}"`);
    rows += Number(count);
  }
  return rows;
}

async function oldTables(db: Database): Promise<Old[]> {
  const rows = await db.$read(`SELECT "name" FROM sqlite_master WHERE "type" = 'table'`);
  return OLD.filter(({ table }) => rows.some(([name]) => name === table));
}

/** Until when traffic was rolled up to hours and to days: finer rows from before do not contain all bytes. */
async function keepOldBounds(tx: DirectTransaction): Promise<void> {
  const hours = await lastEnd(tx, 'DAY');
  const quarters = Math.max(hours, await lastEnd(tx, 'HOUR'));
  await writeKeptSince(tx, { quarters, hours });
}

async function lastEnd(tx: DirectTransaction, bucket: 'HOUR' | 'DAY'): Promise<number> {
  let last = 0;
  for (const { table } of OLD) {
    // By the index of starts; an earlier row of another zone may end later.
    const [row] = await tx.$queryRawUnsafe<[{ end: bigint | null }]>(
      `SELECT MAX("end") AS "end" FROM "${table}" WHERE "bucket" = ? AND "start" >= ? + (
         SELECT MAX("start") FROM "${table}" WHERE "bucket" = ?)`,
      bucket,
      -QUARTERS_OF_TWO_DAYS * BUCKET_MS,
      bucket,
    );
    last = Math.max(last, quarterFrom(Number(row.end ?? 0)));
  }
  return last;
}

interface Part {
  /** The table is dropped. */
  readonly isDone: boolean;
  /** The rows of the table moved so far. */
  readonly moved: number;
}

async function movePart(
  tx: DirectTransaction,
  zone: Zone,
  { table, owner, key }: Old,
): Promise<Part> {
  const before = await movedOf(tx);
  const rows = await tx.$queryRawUnsafe<
    Record<'userId' | 'start' | 'end' | 'rx' | 'tx' | 'estimated', bigint>[]
  >(
    `SELECT ${owner} AS "userId", "start", "end", "rx", "tx", "estimated" FROM "${table}"
     WHERE (${key.join()}) > (${key.map(() => '?').join()})
     ORDER BY ${key.join()} LIMIT ${ROWS_A_PART}`,
    ...[before.userId, before.startMs, before.endMs].slice(-key.length),
  );
  const last = rows.at(-1);
  if (last === undefined) {
    await tx.$executeRawUnsafe(`DROP TABLE "${table}"`);
    await tx.$executeRawUnsafe(`DELETE FROM "Meta" WHERE "key" = ?`, MOVED);
    return { isDone: true, moved: before.rows };
  }
  const bytes = rows.map(
    (row): SpanBytes => ({
      userId: Number(row.userId),
      start: quarterOf(Number(row.start)),
      end: quarterFrom(Number(row.end)),
      rx: row.rx,
      tx: row.tx,
      estimated: row.estimated !== 0n,
    }),
  );
  await book(tx, zone, bytes);
  const moved = before.rows + rows.length;
  const done: Moved = {
    userId: Number(last.userId),
    startMs: Number(last.start),
    endMs: Number(last.end),
    rows: moved,
  };
  await writeMeta(tx, MOVED, JSON.stringify(done));
  return { isDone: false, moved };
}

async function movedOf(tx: DirectTransaction): Promise<Moved> {
  const [row] = await tx.$queryRawUnsafe<{ value: string }[]>(
    `SELECT "value" FROM "Meta" WHERE "key" = ?`,
    MOVED,
  );
  return row === undefined ? NOTHING : JSON.parse(row.value);
}

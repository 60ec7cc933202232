import type { RawTransaction } from './database/connection.ts';
import type { Database } from './database/open.ts';

const RECORD_START = 'recordStart';
const AUTHENTICATION = 'authenticationRequiredSince';

const DROPPED_EVENT = 'droppedEventId';
const CLOCK = 'clock';
const TIME_ZONE = 'trafficTimeZone';

export const VALUE_OF = `SELECT "value" FROM "Meta" WHERE "key" = ?`;

/** When this database's record begins; set at the first call. */
export async function recordStart(db: Database, now: Date): Promise<Date> {
  const known = await readMeta(db, RECORD_START);
  if (known !== null) return new Date(known);
  return db.$direct((tx) => setOnce(tx, RECORD_START, now));
}

/** Sets when the record of a new database begins. */
export async function setRecordStart(tx: RawTransaction, start: Date): Promise<void> {
  await setOnce(tx, RECORD_START, start);
}

/** Whether a server has used this database before. */
export async function hasRecordStart(db: Database): Promise<boolean> {
  return (await readMeta(db, RECORD_START)) !== null;
}

/** Records that this database has had a token. */
export async function requireAuthentication(db: RawTransaction, now: Date): Promise<void> {
  await setOnce(db, AUTHENTICATION, now);
}

/** Whether this database has ever had a token. */
export async function hasAuthentication(db: Database): Promise<boolean> {
  return (await readMeta(db, AUTHENTICATION)) !== null;
}

/** The state of the clock kept between two starts, as JSON, or null. */
export function clockRecordText(db: Database): Promise<string | null> {
  return readMeta(db, CLOCK);
}

export async function keepClockRecordText(db: Database, value: string): Promise<void> {
  await db.$direct((tx) => writeMeta(tx, CLOCK, value));
}

/** The zone of the hours and days of traffic, or null if there are none yet. */
export function storedTimeZone(db: Database): Promise<string | null> {
  return readMeta(db, TIME_ZONE);
}

export async function storeTimeZone(db: Database, value: string): Promise<void> {
  await db.$direct((tx) => writeMeta(tx, TIME_ZONE, value));
}

export async function writeMeta(tx: RawTransaction, key: string, value: string): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO "Meta" ("key", "value") VALUES (?, ?)
     ON CONFLICT ("key") DO UPDATE SET "value" = excluded."value"`,
    key,
    value,
  );
}

export async function readMeta(db: Database, key: string): Promise<string | null> {
  const [row] = await db.$read(VALUE_OF, key);
  return (row?.[0] as string | undefined) ?? null;
}

/** The newest event that was ever deleted from the log; 0 if none was. */
export async function droppedEventId(db: Pick<RawTransaction, '$queryRawUnsafe'>): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ value: string }[]>(VALUE_OF, DROPPED_EVENT);
  return Number(row?.value ?? 0);
}

/** Records that events up to this one were deleted, although older ones may remain. */
export async function markDroppedEvents(tx: RawTransaction, upToId: number): Promise<void> {
  await writeMeta(tx, DROPPED_EVENT, String(Math.max(upToId, await droppedEventId(tx))));
}

/** The instant stored under the key; stores this one if there was none. */
async function setOnce(tx: RawTransaction, key: string, now: Date): Promise<Date> {
  await tx.$executeRawUnsafe(
    `INSERT INTO "Meta" ("key", "value") VALUES (?, ?) ON CONFLICT ("key") DO NOTHING`,
    key,
    now.toISOString(),
  );
  const [row] = await tx.$queryRawUnsafe<[{ value: string }]>(VALUE_OF, key);
  return new Date(row.value);
}

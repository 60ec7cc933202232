import type { Database } from './database.ts';

const RECORD_START = 'recordStart';

/** When this database's record begins; set at the first call. */
export async function recordStart(db: Database, now: Date): Promise<Date> {
  const { value } = await db.meta.upsert({
    where: { key: RECORD_START },
    create: { key: RECORD_START, value: now.toISOString() },
    update: {},
  });
  return new Date(value);
}

import type { Database, Transaction } from './database.ts';

const RECORD_START = 'recordStart';
const AUTHENTICATION = 'authenticationRequiredSince';

/** When this database's record begins; set at the first call. */
export function recordStart(db: Database, now: Date): Promise<Date> {
  return setOnce(db, RECORD_START, now);
}

/** Marks that this database has had a token. */
export async function requireAuthentication(db: Transaction, now: Date): Promise<void> {
  await setOnce(db, AUTHENTICATION, now);
}

/** Whether this database was ever marked so. */
export async function hasAuthentication(db: Transaction): Promise<boolean> {
  return (await db.meta.findUnique({ where: { key: AUTHENTICATION } })) !== null;
}

/** The instant that is kept under the key, this one if there was none. */
async function setOnce(db: Transaction, key: string, now: Date): Promise<Date> {
  const { value } = await db.meta.upsert({
    where: { key },
    create: { key, value: now.toISOString() },
    update: {},
  });
  return new Date(value);
}

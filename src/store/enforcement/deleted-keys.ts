import type { Database, Transaction } from '../database/open.ts';
import { runBulk } from '../database/sql.ts';

/** The keys of deleted users with which no user was created since. */
export async function loadDeletedKeys(db: Database): Promise<Set<string>> {
  const rows = await db.$read(`SELECT "publicKey" FROM "DeletedKey"`);
  return new Set(rows.map(([publicKey]) => publicKey as string));
}

/** Stores the keys of users that are being deleted. */
export function keepDeletedKeys(
  tx: Transaction,
  publicKeys: readonly string[],
  at: Date,
): Promise<void> {
  return runBulk(
    tx,
    `INSERT INTO "DeletedKey" ("publicKey", "deletedAt")
     SELECT value->>0, value->>1 FROM json_each(?) WHERE true
     ON CONFLICT ("publicKey") DO UPDATE SET "deletedAt" = excluded."deletedAt"`,
    publicKeys.map((publicKey) => [publicKey, at.getTime()]),
  );
}

/** Allows a key again, because a user is being created with it. */
export async function forgetDeletedKey(tx: Transaction, publicKey: string): Promise<void> {
  await tx.deletedKey.deleteMany({ where: { publicKey } });
}

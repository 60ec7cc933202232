import { describe, expect, it } from 'vitest';
import { NOON_MS, temporaryDatabase } from '../fixtures/test-store.ts';

describe('the audit log', () => {
  it.each([
    `UPDATE "AuditEntry" SET "actor" = 'nobody'`,
    `DELETE FROM "AuditEntry"`,
    `INSERT OR REPLACE INTO "AuditEntry" ("id", "at", "actor", "action", "detail")
       VALUES (1, 0, 'nobody', 'nothing', '{}')`,
  ])('accepts entries, and rejects %s', async (sql) => {
    const db = await temporaryDatabase();
    const entry = { at: new Date(NOON_MS), actor: 'alice', action: 'kickUser', detail: '{}' };
    await db.auditEntry.create({ data: entry });
    await db.auditEntry.create({ data: entry });
    await expect(db.$executeRawUnsafe(sql)).rejects.toThrow(/append-only/);
    expect(await db.auditEntry.findMany()).toMatchObject([entry, entry]);
  });
});

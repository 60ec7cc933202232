import { inParts, PART_ROWS } from '../database/in-parts.ts';
import type { Database } from '../database/open.ts';

/**
 * Erases the sessions of a user that is being deleted, and the endpoints in its events. A user may have any
 * number of both, so this runs before the transaction that deletes the user itself.
 */
export async function eraseHistory(db: Database, userId: number): Promise<void> {
  await inParts(
    () => db.$executeRaw`
      DELETE FROM "Session" WHERE "id" IN (
        SELECT "id" FROM "Session" WHERE "userId" = ${userId} LIMIT ${PART_ROWS})`,
  );
  let lastId = 0;
  await inParts(async () => {
    const part = await db.event.findMany({
      where: { userId, id: { gt: lastId } },
      orderBy: { id: 'asc' },
      select: { id: true },
      take: PART_ROWS,
    });
    const newest = part.at(-1);
    if (newest === undefined) return 0;
    await db.event.updateMany({
      where: { userId, id: { gt: lastId, lte: newest.id } },
      data: { endpoint: null },
    });
    lastId = newest.id;
    return part.length;
  });
}

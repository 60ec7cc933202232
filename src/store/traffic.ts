import type { Database } from './database/open.ts';
import { joinSum, wideSum } from './database/sql.ts';

/** The bytes moved between two instants. */
export interface TrafficRow {
  readonly start: Date;
  readonly end: Date;
  readonly rx: bigint;
  readonly tx: bigint;
  readonly estimated: boolean;
}

export interface ByteCount {
  readonly rx: bigint;
  readonly tx: bigint;
}

export function trafficStore(db: Database) {
  return {
    /** The rows that overlap this span, oldest first: those of one user, or of all together. */
    rows: (from: Date, to: Date, userId: number | null): Promise<TrafficRow[]> => {
      const where = { start: { lt: to }, end: { gt: from } };
      const orderBy = { start: 'asc' } as const;
      return userId === null
        ? db.trafficTotal.findMany({ where, orderBy })
        : db.traffic.findMany({ where: { userId, ...where }, orderBy });
    },

    /**
     * The bytes of each of these users in the rows that start in this span; users without any are omitted.
     */
    sumsOfUsers: async (
      userIds: readonly number[],
      from: Date,
    ): Promise<Map<number, ByteCount>> => {
      const rows = await db.$queryRawUnsafe<
        { userId: number; rxHigh: bigint; rxLow: bigint; txHigh: bigint; txLow: bigint }[]
      >(
        `SELECT "userId", ${wideSum('"rx"', 'rx')}, ${wideSum('"tx"', 'tx')}
         FROM "Traffic"
         WHERE "userId" IN (SELECT value FROM json_each(?)) AND "start" >= ?
         GROUP BY "userId"`,
        JSON.stringify(userIds),
        from.getTime(),
      );
      return new Map(
        rows.map((row) => [
          Number(row.userId),
          { rx: joinSum(row.rxHigh, row.rxLow), tx: joinSum(row.txHigh, row.txLow) },
        ]),
      );
    },
  };
}

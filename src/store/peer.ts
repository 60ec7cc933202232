import type { Database } from './database.ts';

export function peerStore(db: Database) {
  return {
    /** Those of these keys that were on some interface at its last good read. */
    presentKeys: async (publicKeys: readonly string[]): Promise<Set<string>> => {
      const rows = await db.counter.findMany({
        where: { publicKey: { in: [...publicKeys] }, present: true },
        select: { publicKey: true },
      });
      return new Set(rows.map(({ publicKey }) => publicKey));
    },
  };
}

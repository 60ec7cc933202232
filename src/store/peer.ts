import type { Database } from './database/open.ts';

/** The location of a peer: on an interface, on none, or on one that was not read recently. */
export type PeerWhereabouts = 'PRESENT' | 'ABSENT' | 'UNKNOWN';

export function peerStore(db: Database) {
  /** Each interface that is up and held the peer at its last good read. */
  const places = (publicKeys: readonly string[]) =>
    db.$queryRaw<{ publicKey: string; name: string; lastReadAt: number | bigint }[]>`
      SELECT c."publicKey" AS "publicKey", i."name" AS "name", i."lastReadAt" AS "lastReadAt"
      FROM "Peer" AS c JOIN "Interface" AS i ON i."name" = c."interface" AND i."node" = c."node"
      WHERE c."publicKey" IN (SELECT value FROM json_each(${JSON.stringify(publicKeys)}))
        AND c."present" AND i."up"
      ORDER BY i."name"`;

  return {
    /** For those of these keys that are on any interface; anything read before `since` counts as unknown. */
    whereabouts: async (
      publicKeys: readonly string[],
      since: Date,
    ): Promise<Map<string, PeerWhereabouts>> => {
      const found = new Map<string, PeerWhereabouts>();
      for (const { publicKey, lastReadAt } of await places(publicKeys)) {
        const isKnown = Number(lastReadAt) >= since.getTime();
        if (isKnown) found.set(publicKey, 'PRESENT');
        else if (!found.has(publicKey)) found.set(publicKey, 'UNKNOWN');
      }
      return found;
    },

    /** The interfaces that hold the peer, by name. */
    interfacesOf: async (publicKey: string): Promise<string[]> =>
      (await places([publicKey])).map(({ name }) => name),
  };
}

import type { Transaction } from '../database/open.ts';

/** The owners of prefixes, for checks before others are assigned. */
export interface AllowedIpOwner {
  readonly id: number;
  readonly nickname: string;
  readonly prefixes: readonly string[];
}

/**
 * All owners of prefixes except `except`: declared prefixes, those on any interface now, and those to be
 * restored there.
 */
export async function allowedIpOwners(tx: Transaction, except?: number): Promise<AllowedIpOwner[]> {
  const rows = await tx.$queryRaw<{ id: number; nickname: string; prefixes: string }[]>`
    SELECT u."id" AS "id", u."nickname" AS "nickname", u."allowedIps" AS "prefixes"
    FROM "User" AS u WHERE u."allowedIps" IS NOT NULL AND u."id" IS NOT ${except ?? null}
    UNION
    SELECT u."id", u."nickname", c."allowedIps"
    FROM "Peer" AS c JOIN "User" AS u ON u."publicKey" = c."publicKey"
    WHERE c."allowedIps" IS NOT NULL AND (c."present" OR c."removedByUs") AND u."id" IS NOT ${except ?? null}`;
  return rows.map(({ id, nickname, prefixes }) =>
    ownerOf({ id: Number(id), nickname, allowedIps: prefixes }),
  );
}

/** A user as the owner of its declared prefixes. */
export function ownerOf({
  id,
  nickname,
  allowedIps,
}: {
  readonly id: number;
  readonly nickname: string;
  readonly allowedIps: string | null;
}): AllowedIpOwner {
  return { id, nickname, prefixes: allowedIps?.split(',') ?? [] };
}

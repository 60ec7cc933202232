import { BYTES_PER_MB } from '../../domain/bytes.ts';
import type { AppliedState } from '../../domain/enforcement/policy.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Database } from '../database/open.ts';

/** Users whose peer is in this state. */
export interface EnforcementFilter {
  readonly state: AppliedState;
  readonly now: Date;
  /** Anything read before this time counts as unknown. */
  readonly readSince: Date;
  /** false: WireGuard is not written to, so only the state of the last read is valid. */
  readonly manage: boolean;
}

/** The ids of the users in a state. */
export async function idsEnforced(
  db: Database,
  filter: EnforcementFilter,
): Promise<ReadonlySet<number>> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT "id" FROM "User" WHERE ${isEnforced(filter)}`;
  return new Set(rows.map(({ id }) => Number(id)));
}

/** The condition on "User" for a state; `enforcementOf` in the resolvers gives the same for one user. */
function isEnforced({ state, now, readSince, manage }: EnforcementFilter): Prisma.Sql {
  const seen = Prisma.sql`(
    SELECT CASE WHEN MAX(i."lastReadAt") IS NULL THEN 'ABSENT'
                WHEN MAX(i."lastReadAt") >= ${readSince.getTime()} THEN 'PRESENT'
                ELSE 'UNKNOWN' END
    FROM "Peer" AS c JOIN "Interface" AS i ON i."name" = c."interface" AND i."node" = c."node"
    WHERE c."publicKey" = "User"."publicKey" AND c."present" AND i."up")`;
  if (!manage) return Prisma.sql`${seen} = ${state}`;
  const reason = Prisma.sql`(CASE
    WHEN "cutReason" = 'DELETED' THEN 'DELETED'
    WHEN NOT "enabled" THEN 'DISABLED'
    WHEN "expiresAt" <= ${now.getTime()} THEN 'EXPIRED'
    WHEN "dataLimit" > 0 AND "rx" - "quotaMarkRx" + "tx" - "quotaMarkTx"
      >= "dataLimit" * ${BYTES_PER_MB} THEN 'QUOTA_EXCEEDED' END)`;
  return Prisma.sql`(CASE
    WHEN NOT "managed" AND NOT "removedByUs" AND ${reason} IS NULL THEN ${seen}
    WHEN ${reason} IS NOT "cutReason" THEN 'PENDING'
    WHEN "configPending" AND NOT "missing" AND ${reason} IS NULL THEN 'PENDING'
    WHEN "applied" = CASE WHEN ${reason} IS NULL THEN 'ABSENT' ELSE 'PRESENT' END THEN 'PENDING'
    ELSE "applied" END) = ${state}`;
}

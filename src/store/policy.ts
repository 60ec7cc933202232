import { BYTES_PER_KB, BYTES_PER_MB } from '../bytes.ts';
import { AppError, type Text } from '../errors.ts';
import { nextFreeAddresses } from '../wg/allocate.ts';
import type { PolicyUpdate } from '../wg/plan.ts';
import type { AppliedState, CutReason, PeerPolicy } from '../wg/policy.ts';
import type { PolicyReport, PolicyStore } from '../wg/policy-store.ts';
import type { Database, Transaction } from './database.ts';
import { type NewEvent, recordEvents } from './record-events.ts';
import type { EventRecord, UserRecord } from './records.ts';
import type { SecretBox } from './secret.ts';
import { runBulk } from './sql.ts';

/** Who wanted it, where nobody asked: written to the audit log for automatic cuts. */
const AUTOMATIC = 'wgql';

/** Only users with something to enforce, or something left to undo. */
const CONCERNED = {
  OR: [
    { managed: true },
    { enabled: false },
    { takenOff: true },
    { kickRequested: true },
    { cutReason: { not: null } },
    { expiresAt: { not: null } },
    { dataLimit: { gt: 0 } },
    { bandwidthLimit: { gt: 0 } },
    // Whose preshared key is not known yet: it is needed the day the peer has to be put back.
    { captured: false },
    { quotaPeriod: { not: 'NONE' } },
  ],
};

export interface PolicyStoreOptions {
  readonly secrets: SecretBox;
  /** Told of what was logged, after the commit. */
  readonly onLogged: (events: readonly EventRecord[], at: Date) => void;
  /** Told of keys whose users are erased. */
  readonly onErased: (publicKeys: readonly string[]) => void;
}

/** The reconciler's side of the database. */
export function policyStore(db: Database, options: PolicyStoreOptions): PolicyStore {
  const { secrets, onLogged } = options;
  const inTransaction = async (
    at: Date,
    write: (tx: Transaction) => Promise<readonly NewEvent[]>,
  ): Promise<void> => {
    const events = await db.$transaction(async (tx) => recordEvents(tx, at, await write(tx)));
    onLogged(events, at);
  };

  return {
    load: async () => (await db.user.findMany({ where: CONCERNED })).map(policyOf),

    commit: (updates, at) =>
      inTransaction(at, async (tx) => {
        await writeUpdates(tx, updates, at);
        return updates.flatMap(({ userId, events }) =>
          events.map(({ type, reason }): NewEvent => ({ ...NOWHERE, type, reason, userId })),
        );
      }),

    capture: async (keys, { again } = { again: false }) => {
      const rows = keys.map(({ userId, presharedKey }) => [
        userId,
        presharedKey === null ? null : secrets.seal(presharedKey),
      ]);
      await db.$transaction((tx) =>
        runBulk(
          tx,
          `UPDATE "User" SET "presharedKey" = j."presharedKey", "captured" = 1
           FROM (SELECT value->>0 AS "id", value->>1 AS "presharedKey" FROM json_each(?)) AS j
           WHERE "User"."id" = j."id" ${again ? '' : 'AND NOT "User"."captured"'}`,
          rows,
        ),
      );
    },

    report: (reports, at) =>
      inTransaction(at, async (tx) => {
        await writeReports(tx, reports);
        return reports.flatMap(({ userId, error, isNewFailure, limited }): NewEvent[] => {
          if (isNewFailure) {
            return [{ ...NOWHERE, type: 'LIMIT_FAILED', userId, reason: error?.en ?? null }];
          }
          return limited
            ? [{ ...NOWHERE, type: 'LIMIT_APPLIED', userId, reason: 'BANDWIDTH' }]
            : [];
        });
      }),

    allocate: (userId, networks) =>
      db.$transaction(async (tx) => {
        const free = nextFreeAddresses(networks, await heldPrefixes(tx));
        if (free.length === 0) return null;
        await tx.user.update({ where: { id: userId }, data: { allowedIps: free.join(',') } });
        return free;
      }),

    erase: async (policies, at) => {
      await inTransaction(at, async (tx) => {
        const ids = policies.map(({ userId }) => userId);
        await tx.event.updateMany({ where: { userId: { in: ids } }, data: { endpoint: null } });
        const keys = policies.map(({ publicKey }) => publicKey);
        await tx.counter.updateMany({
          where: { publicKey: { in: keys } },
          data: { endpoint: null },
        });
        await tx.user.deleteMany({ where: { id: { in: ids }, cutReason: 'DELETED' } });
        return ids.map((userId) => ({ ...NOWHERE, type: 'USER_DELETED', userId, reason: null }));
      });
      options.onErased(policies.map(({ publicKey }) => publicKey));
    },

    open: (sealed) => {
      try {
        return secrets.open(sealed);
      } catch (cause) {
        throw new AppError('UNAVAILABLE', KEY_LOST, [], { cause });
      }
    },
  };
}

const NOWHERE = { sessionId: null, interface: null, endpoint: null } as const;

const KEY_LOST: Text = {
  en: 'The preshared key cannot be opened with the key file, so the peer stays off; restore WGQL_SECRET_KEY_FILE or set the preshared key again.',
  zh: '无法用密钥文件打开预共享密钥，因此该对端保持移除状态；请恢复 WGQL_SECRET_KEY_FILE 或重新设置预共享密钥。',
};

/** All prefixes that somebody holds, present on an interface or not. */
export async function heldPrefixes(tx: Transaction): Promise<string[]> {
  const rows = await tx.user.findMany({
    where: { allowedIps: { not: null } },
    select: { allowedIps: true },
  });
  return rows.flatMap(({ allowedIps }) => allowedIps?.split(',') ?? []);
}

/** Columns of an update; one that it does not set keeps its value. */
const SETTABLE = [
  'cutReason',
  'takenOff',
  'kickRequested',
  'missing',
  'quotaWarned',
  'applied',
  'interface',
] as const;

async function writeUpdates(
  tx: Transaction,
  updates: readonly PolicyUpdate[],
  at: Date,
): Promise<void> {
  const rows = updates.map(({ userId, set, restartsQuota }) => ({
    ...set,
    id: userId,
    restartsQuota,
    at: at.getTime(),
  }));
  const kept = (column: string) =>
    `"${column}" = CASE WHEN json_type(j.value, '$.${column}') IS NULL
       THEN "User"."${column}" ELSE j.value->>'$.${column}' END`;
  const restarted = (column: string, value: string) =>
    `"${column}" = CASE WHEN j.value->>'$.restartsQuota' THEN ${value} ELSE "User"."${column}" END`;
  await tx.$executeRawUnsafe(
    `UPDATE "User" SET ${SETTABLE.map(kept).join(', ')},
       "appliedAt" = CASE WHEN json_type(j.value, '$.applied') IS NULL
         THEN "User"."appliedAt" ELSE j.value->>'$.at' END,
       ${restarted('quotaMarkRx', '"User"."rx"')}, ${restarted('quotaMarkTx', '"User"."tx"')},
       ${restarted('quotaMarkAt', "j.value->>'$.at'")}
     FROM (SELECT value FROM json_each(?)) AS j WHERE "User"."id" = j.value->>'$.id'`,
    JSON.stringify(rows),
  );
  const cuts = updates.filter(({ set }) => AUTOMATIC_CUTS.has(set.cutReason ?? null));
  await runBulk(
    tx,
    `INSERT INTO "AuditEntry" ("at", "actor", "action", "userId", "detail")
     SELECT value->>0, '${AUTOMATIC}', 'cutOff', value->>1, value->>2 FROM json_each(?)`,
    cuts.map(({ userId, set }) => [
      at.getTime(),
      userId,
      JSON.stringify({ reason: set.cutReason }),
    ]),
  );
}

const AUTOMATIC_CUTS: ReadonlySet<CutReason | null> = new Set(['EXPIRED', 'QUOTA_EXCEEDED']);

/** What an administrator changed while it was being applied stays pending. */
function writeReports(tx: Transaction, reports: readonly PolicyReport[]): Promise<void> {
  return runBulk(
    tx,
    `UPDATE "User" SET "enforcementError" = j.value->>1,
       "configPending" = CASE WHEN j.value->>2 AND "User"."updatedAt" = j.value->>3
         THEN 0 ELSE "User"."configPending" END
     FROM (SELECT value FROM json_each(?)) AS j WHERE "User"."id" = j.value->>0`,
    reports.map(({ userId, error, configured, declaredAtMs }) => [
      userId,
      error === null ? null : JSON.stringify(error),
      configured,
      declaredAtMs,
    ]),
  );
}

function policyOf(user: UserRecord): PeerPolicy {
  return {
    userId: user.id,
    publicKey: user.publicKey,
    interface: user.interface,
    managed: user.managed,
    isDeleted: user.cutReason === 'DELETED',
    enabled: user.enabled,
    expiresAtMs: user.expiresAt?.getTime() ?? null,
    quotaLimitBytes: user.dataLimit === 0 ? null : BigInt(user.dataLimit) * BYTES_PER_MB,
    quotaUsedBytes: user.rx - user.quotaMarkRx + (user.tx - user.quotaMarkTx),
    allowedIps: user.allowedIps?.split(',').filter((prefix) => prefix !== '') ?? null,
    persistentKeepaliveSeconds: user.persistentKeepaliveSeconds,
    sealedPresharedKey: user.presharedKey,
    endpoint: user.endpoint,
    bandwidthBytesPerSecond: BigInt(user.bandwidthLimit) * BYTES_PER_KB,
    quotaPeriod: user.quotaPeriod,
    quotaMarkAtMs: user.quotaMarkAt.getTime(),
    quotaWarned: user.quotaWarned,
    cutReason: user.cutReason as CutReason | null,
    takenOff: user.takenOff,
    kickRequested: user.kickRequested,
    missing: user.missing,
    configPending: user.configPending,
    captured: user.captured,
    applied: user.applied as AppliedState,
    declaredAtMs: user.updatedAt.getTime(),
    error: user.enforcementError === null ? null : JSON.parse(user.enforcementError),
  };
}

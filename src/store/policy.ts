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
        const events: NewEvent[] = [];
        for (const update of updates) {
          await writeUpdate(tx, update, at);
          for (const { type, reason } of update.events) {
            events.push({ ...NOWHERE, type, reason, userId: update.userId });
          }
        }
        return events;
      }),

    capture: async (keys) => {
      await db.$transaction(async (tx) => {
        for (const { userId, presharedKey } of keys) {
          const sealed = presharedKey === null ? null : secrets.seal(presharedKey);
          await tx.user.update({
            where: { id: userId },
            data: { presharedKey: sealed, captured: true },
          });
        }
      });
    },

    report: (reports, at) =>
      inTransaction(at, async (tx) => {
        const events: NewEvent[] = [];
        for (const report of reports) {
          await writeReport(tx, report);
          const { userId, error, isFailure, limited } = report;
          const reason = isFailure ? (error?.en ?? null) : limited ? 'BANDWIDTH' : null;
          if (isFailure) events.push({ ...NOWHERE, type: 'LIMIT_FAILED', userId, reason });
          else if (limited) events.push({ ...NOWHERE, type: 'LIMIT_APPLIED', userId, reason });
        }
        return events;
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
        await tx.user.deleteMany({ where: { id: { in: ids } } });
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

async function writeUpdate(tx: Transaction, update: PolicyUpdate, at: Date): Promise<void> {
  const { userId, set, restartsQuota } = update;
  const user = await tx.user.update({
    where: { id: userId },
    data: { ...set, ...(set.applied !== undefined && { appliedAt: at }) },
  });
  if (restartsQuota) {
    const { rx: quotaMarkRx, tx: quotaMarkTx } = user;
    const data = { quotaMarkRx, quotaMarkTx, quotaMarkAt: at };
    await tx.user.update({ where: { id: userId }, data });
  }
  if (set.cutReason === 'EXPIRED' || set.cutReason === 'QUOTA_EXCEEDED') {
    const detail = JSON.stringify({ reason: set.cutReason });
    await tx.auditEntry.create({
      data: { at, actor: AUTOMATIC, action: 'cutOff', userId, detail },
    });
  }
}

async function writeReport(tx: Transaction, report: PolicyReport): Promise<void> {
  const { userId, error, configured } = report;
  await tx.user.update({
    where: { id: userId },
    data: {
      enforcementError: error === null ? null : JSON.stringify(error),
      ...(configured && { configPending: false, captured: true }),
    },
  });
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
    error: user.enforcementError === null ? null : JSON.parse(user.enforcementError),
  };
}

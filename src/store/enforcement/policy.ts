import type { PeerPolicy } from '../../domain/enforcement/policy.ts';
import type { PolicyStore } from '../../domain/enforcement/policy-store.ts';
import { AppError, type Text } from '../../domain/errors.ts';
import { nextFreeAddresses, noFreeAddress } from '../../domain/wireguard/free-addresses.ts';
import type { ChangeFeed } from '../current/changed-users.ts';
import type { Database, Transaction } from '../database/open.ts';
import { AUTOMATIC, type NewEvent, recordEvents } from '../event-log.ts';
import type { SecretBox } from '../files/secret-box.ts';
import type { EventRecord } from '../records.ts';
import { allowedIpOwners } from './allowed-ip-owners.ts';
import { keepDeletedKeys, loadDeletedKeys } from './deleted-keys.ts';
import { eraseHistory } from './erase-history.ts';
import { loadLastReads, loadUnconcluded } from './load.ts';
import { policyLoader } from './policy-loader.ts';
import { writeQuotaStarts } from './quota-starts.ts';
import { writeKeys, writeReports, writeUpdates } from './write.ts';

export interface PolicyStoreOptions {
  readonly secrets: SecretBox;
  /** Called with the logged events, after the commit. */
  readonly onLogged: (events: readonly EventRecord[], at: Date) => void;
  readonly changes: ChangeFeed;
  /** Treats the keys of erased users as unknown again. */
  readonly forget: (publicKeys: readonly string[]) => void;
}

/** The part of the database that the reconciler uses. */
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
    load: policyLoader(db, options.changes),
    deletedKeys: () => loadDeletedKeys(db),
    unconcluded: () => loadUnconcluded(db),
    lastReads: () => loadLastReads(db),

    startQuotas: (starts, at) =>
      inTransaction(at, async (tx) => {
        await writeQuotaStarts(tx, starts, at);
        return starts.flatMap(({ userId, period, resets }): NewEvent[] => {
          const [kind = ''] = period.name.split(' ');
          return resets ? [{ ...NOWHERE, type: 'QUOTA_RESET', userId, reason: kind }] : [];
        });
      }),

    commit: (updates, reloads, at) =>
      inTransaction(at, async (tx) => {
        await writeUpdates(tx, updates, at);
        return [
          ...reloads.map(({ interface: name, peers }) => reloaded(name, peers)),
          ...updates.flatMap(({ userId, events }) =>
            events.map((event): NewEvent => ({ ...NOWHERE, ...event, userId })),
          ),
        ];
      }),

    capture: (interfaceName, keys) =>
      db.$transaction((tx) =>
        writeKeys(
          tx,
          interfaceName,
          keys.map(({ publicKey, presharedKey }) => ({
            publicKey,
            sealed: presharedKey === null ? null : secrets.seal(presharedKey),
          })),
        ),
      ),

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

    allocate: (userId, interfaceName, networks) =>
      db.$transaction(async (tx) => {
        const holders = await allowedIpOwners(tx);
        const held = holders.flatMap(({ prefixes }) => prefixes);
        const { addresses, full } = nextFreeAddresses(networks, held);
        if (full.length > 0) {
          throw new AppError('UNAVAILABLE', noFreeAddress(interfaceName, full));
        }
        const where = { id: userId, allowedIps: null };
        const data = { allowedIps: addresses.join(',') };
        if ((await tx.user.updateMany({ where, data })).count > 0) return addresses;
        // Addresses that an administrator has set meanwhile are kept.
        const given = await tx.user.findUnique({ where: { id: userId } });
        return (given?.allowedIps ?? '').split(',').filter((prefix) => prefix !== '');
      }),

    erase: async (policies, at) => {
      const stillDeleted = async (reader: Transaction) => {
        const ids = policies.map(({ userId }) => userId);
        const where = { id: { in: ids }, cutReason: 'DELETED' };
        const rows = await reader.user.findMany({ where, select: { id: true } });
        return rows.map(({ id }) => id);
      };
      const ready = new Set(await eraseHistory(db, await stillDeleted(db)));
      let erased: readonly PeerPolicy[] = [];
      await inTransaction(at, async (tx) => {
        const ids = (await stillDeleted(tx)).filter((id) => ready.has(id));
        const isDoomed = new Set(ids);
        erased = policies.filter(({ userId }) => isDoomed.has(userId));
        const keys = erased.map(({ publicKey }) => publicKey);
        await tx.peer.updateMany({ where: { publicKey: { in: keys } }, data: FORGOTTEN });
        await tx.user.deleteMany({ where: { id: { in: ids } } });
        await keepDeletedKeys(tx, keys, at);
        return erased.map(({ userId, requestedBy }) => ({
          ...NOWHERE,
          type: 'USER_DELETED',
          userId,
          reason: null,
          ...(requestedBy !== null && { actor: requestedBy }),
        }));
      });
      const keys = erased.map(({ publicKey }) => publicKey);
      options.forget(keys);
      return keys;
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

/** Of an erased user only the marks are kept: the same key may later belong to another person. */
const FORGOTTEN = {
  endpoint: null,
  presharedKey: null,
  removedByUs: false,
} as const;

/** These have no author: wgql did what was declared. */
const NOWHERE = { sessionId: null, interface: null, endpoint: null, actor: AUTOMATIC } as const;

function reloaded(name: string, peers: number): NewEvent {
  return {
    type: 'INTERFACE_RELOADED',
    userId: null,
    sessionId: null,
    interface: name,
    endpoint: null,
    reason: String(peers),
  };
}

const KEY_LOST: Text = {
  en: 'The preshared key cannot be decrypted with the key file, so the peer stays removed; restore the file of WGQL_SECRET_KEY_FILE or set the preshared key again.',
  zh: '无法用密钥文件解密预共享密钥，因此该对等节点保持移除状态；请恢复 WGQL_SECRET_KEY_FILE 所指的文件，或重新设置预共享密钥。',
};

import type { Plan, PlanContext } from '../../domain/enforcement/plan.ts';
import type { PeerPolicy } from '../../domain/enforcement/policy.ts';
import type { PolicyStore } from '../../domain/enforcement/policy-store.ts';
import type { PeriodOf } from '../../domain/enforcement/quota-period.ts';
import { joinTexts, type Text } from '../../domain/errors.ts';
import type { RemovalReason } from '../../domain/tracking/end-reason.ts';
import type { PeerSnapshot } from '../../domain/wireguard/snapshot.ts';
import type { PeerCommands } from '../command/peers.ts';
import type { Enforcer } from '../enforcer.ts';
import type { HostNetworks } from '../host-networks.ts';
import type { NftTable } from '../nft/table.ts';
import { currentPolicies } from './current-policies.ts';
import type { Failures } from './failures.ts';
import { heldPeers, removeHeld } from './held-peers.ts';
import { limitedPeers } from './limits/limited-peers.ts';
import { limiter } from './limits/limits.ts';
import { nextPollForQuota } from './next-poll-for-quota.ts';
import { type Observed, observe } from './observed.ts';
import { assignAddresses } from './peers/assign-addresses.ts';
import { presharedKeys, withoutKeys } from './peers/preshared-keys.ts';
import { keyStep, removePeers } from './peers/remove-peers.ts';
import { unverifiedWrites } from './peers/unverified-writes.ts';
import { prepareWrites, writePeers } from './peers/write-peers.ts';
import { heldSteps } from './plan/hold.ts';
import { planOf } from './plan/plan.ts';
import { dueRemovals, removalReasons, removedByOthers } from './plan/removal-reasons.ts';
import { type DeletedPeers, deletedPeers } from './report/deleted-peers.ts';
import { hints } from './report/hints.ts';
import { missingNotice } from './report/missing-peers.ts';
import { reportOf } from './report/report.ts';

export interface ReconcilerOptions {
  readonly policies: PolicyStore;
  readonly commands: PeerCommands;
  readonly nftTable: NftTable;
  readonly hostNetworks: HostNetworks;
  readonly watched: PlanContext['watched'];
  readonly periodOf: PeriodOf;
}

/** The enforcer that brings WireGuard to the state declared in the database. */
export function createReconciler(options: ReconcilerOptions): Enforcer {
  const { policies: store, hostNetworks, watched } = options;
  const { networksOf } = hostNetworks;
  const isWatched = (name: string) => watched.length === 0 || watched.includes(name);
  const pace = nextPollForQuota();
  const limit = limiter(options.nftTable);
  const keysOfPeers = presharedKeys(options.commands, store);
  const held = heldPeers();
  const findDeleted = deletedPeers();
  let removals: ReadonlyMap<string, RemovalReason> = new Map();
  let deletedKeys: ReadonlySet<string> = new Set();
  const writes = unverifiedWrites();
  const current = currentPolicies(store, options.periodOf);
  /** Keys of users that were erased since the last snapshot. */
  let erased = new Set<string>();
  /** The peers of each interface at its last good read. */
  const lastReads = new Map<string, ReadonlyMap<string, PeerSnapshot>>();
  /** Peers that others removed, until the decision about them is committed. */
  const unreportedRemovals = new Set<string>();

  const isUnobserved = ({ unknown }: Observed, name: string) =>
    unknown.has(name) || !isWatched(name);

  const rememberReads = (observed: Observed): void => {
    writes.onRead(observed.reads.keys());
    for (const [name, peers] of observed.reads) lastReads.set(name, peers);
    for (const name of lastReads.keys()) {
      if (!observed.reads.has(name) && !isUnobserved(observed, name)) lastReads.delete(name);
    }
  };

  const contextOf = (observed: Observed): PlanContext => ({
    ...observed,
    watched,
    isWatched,
    lastReads,
    removedByOthers: unreportedRemovals,
    hasDeclaredKey: keysOfPeers.isAsDeclared,
  });

  /** Intents are recorded before they are carried out. */
  const record = async ({ updates, reloads, erasures }: Plan, at: Date): Promise<void> => {
    if (updates.length + reloads.length > 0) await store.commit(updates, reloads, at);
    unreportedRemovals.clear();
    if (erasures.length === 0) return;
    for (const publicKey of await store.erase(erasures, at)) erased.add(publicKey);
  };

  const removeAll = async (
    plan: Plan,
    deleted: DeletedPeers,
    failures: Failures,
    signal: AbortSignal,
  ): Promise<boolean> => {
    const { clearAllowedIps, remove } = options.commands;
    const clearings = [...plan.clearings.map(keyStep), ...deleted.clearings];
    const removing = [...plan.removals.map(keyStep), ...deleted.removals];
    const hasCleared = await removePeers(clearAllowedIps, clearings, failures, signal);
    const hasRemoved = await removePeers(remove, removing, failures, signal);
    return hasCleared || hasRemoved;
  };

  /** Limits are applied before the peers that they are for are added. */
  const writeAll = async (
    plan: Plan,
    policies: readonly PeerPolicy[],
    observed: Observed,
    failures: Failures,
    signal: AbortSignal,
  ) => {
    const { nowMs, reads, ownKeys } = observed;
    const steps = writes.worthwhile(plan.writes, failures);
    const prepared = await prepareWrites({ ...options, networksOf, ownKeys }, steps, failures);
    const unobserved = new Map([...lastReads].filter(([name]) => isUnobserved(observed, name)));
    const toLimit = limitedPeers(new Map([...unobserved, ...reads]), prepared, plan.removals);
    const unread = new Set(unobserved.keys());
    const limited = await limit(policies, toLimit, unread, nowMs, failures, signal);
    const ready = limited.isReady ? prepared : prepared.filter(({ policy }) => !hasLimits(policy));
    const done = await writePeers(options.commands, ready, failures, signal);
    writes.done(done);
    return { configured: new Set(done.map(({ policy }) => policy.userId)), limited };
  };

  return {
    complete: held.complete,
    prepare: async (nowMs) => {
      for (const [name, peers] of await store.lastReads()) lastReads.set(name, peers);
      for (const publicKey of await store.unconcluded()) unreportedRemovals.add(publicKey);
      removals = dueRemovals(await store.load(), nowMs);
    },
    ownActions: async () => {
      // A database that cannot be read cannot be written either, and the write error is reported.
      deletedKeys = await store.deletedKeys().catch(() => deletedKeys);
      const ownActions = { removals, writes: writes.unread(), deletedKeys, erased };
      erased = new Set();
      return ownActions;
    },
    hold: async (snapshot, changes, now, signal) => {
      const observed = observe(snapshot, now);
      // On a full disk the database can still be read.
      const steps = heldSteps(await current.loadIfPossible(), deletedKeys, changes, observed);
      removals = new Map([
        ...removals,
        ...steps.map(({ publicKey, reason }) => [publicKey, reason] as const),
      ]);
      await removeHeld(options.commands, steps, held, observed, signal);
    },
    enforce: async (snapshot, changes, now, signal) => {
      held.clear();
      const observed = observe(snapshot, now);
      const { nowMs, reads } = observed;
      const deleted = findDeleted(deletedKeys, observed);
      rememberReads(observed);
      for (const publicKey of removedByOthers(changes)) unreportedRemovals.add(publicKey);
      current.noteBooked(changes.traffic, nowMs);
      const unreadKeys = await keysOfPeers.learn(withoutKeys(reads, deletedKeys), signal);
      const policies = await current.loadInPeriod(nowMs);
      const failures = withUnknownKeys(policies, unreadKeys);
      const plan = planOf(
        policies.filter(({ userId }) => !failures.has(userId)),
        contextOf(observed),
      );
      await record(plan, new Date(nowMs));
      removals = new Map([
        ...removalReasons(policies, plan.updates),
        ...[...deleted.clearings, ...deleted.removals].map(
          ({ publicKey }) => [publicKey, 'DELETED'] as const,
        ),
      ]);

      const hasRemoved = await removeAll(plan, deleted, failures, signal);
      await assignAddresses({ ...options, networksOf }, policies, plan, reads, failures);
      const { configured, limited } = await writeAll(plan, policies, observed, failures, signal);
      const hintOf = hints({ hostNetworks, watched, isWatched, lastReads, ...observed });
      const reports = policies.flatMap((policy) =>
        reportOf(policy, failures, configured, limited.limitedIds, hintOf),
      );
      if (reports.length > 0) await store.report(reports, new Date(nowMs));
      const changed = new Map(plan.updates.map(({ userId, set }) => [userId, set.missing]));
      return {
        hasWritten: hasRemoved || configured.size > 0,
        pollWithinMs: pace(policies, now.monotonicMs),
        again: limited.running,
        problem: joinTexts([
          limited.problem ?? (failures.size > 0 ? SOME_FAILED : null),
          deleted.notice,
          missingNotice(policies, changed),
        ]),
      };
    },
  };
}

/**
 * Whether nftables must hold something for a user: its peer is then added only once the limits are applied.
 */
function hasLimits({ bandwidthBytesPerSecond, quotaLimitBytes }: PeerPolicy): boolean {
  return bandwidthBytesPerSecond > 0n || quotaLimitBytes !== null;
}

/** Each user's own error may contain addresses, while the status is public. */
const SOME_FAILED: Text = {
  en: 'The settings of some users could not be applied; see their enforcement.lastError for the reason.',
  zh: '部分用户的设置未能应用；原因见这些用户的 enforcement.lastError。',
};

/** A peer whose preshared key could not be read is left unchanged: it could not be restored. */
function withUnknownKeys(
  policies: readonly PeerPolicy[],
  unreadKeys: ReadonlyMap<string, Text>,
): Failures {
  const failures: Failures = new Map();
  for (const { userId, publicKey, managed, presharedKeyKnown } of policies) {
    const text = unreadKeys.get(publicKey);
    if (text !== undefined && !(managed && presharedKeyKnown)) failures.set(userId, text);
  }
  return failures;
}

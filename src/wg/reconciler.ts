import type { Instant } from '../clock.ts';
import type { Text } from '../errors.ts';
import { putPeers, removePeers } from './act.ts';
import { attempt } from './attempt.ts';
import type { Changes } from './changes.ts';
import { limiter } from './limiter.ts';
import type { NetworksOf } from './networks.ts';
import type { TrafficControl } from './nft/traffic-control.ts';
import type { PeerCommands } from './peer-commands.ts';
import { peersByKey, planOf } from './plan.ts';
import type { PeerStep, Plan } from './plan-types.ts';
import type { PeerPolicy } from './policy.ts';
import { reportOf, routeHints } from './policy-report.ts';
import type { PolicyStore } from './policy-store.ts';
import type { Enforced } from './poller.ts';
import { pollSoonerFor } from './quota-pace.ts';
import type { PeerReading, Snapshot } from './reading.ts';

export interface ReconcilerOptions {
  readonly policies: PolicyStore;
  readonly commands: PeerCommands;
  readonly control: TrafficControl;
  readonly networksOf: NetworksOf;
  readonly periodStartMs: (period: string, nowMs: number) => number | null;
}

/** Makes WireGuard what the database declares. */
export interface Reconciler {
  reconcile(
    snapshot: Snapshot,
    changes: Changes,
    now: Instant,
    signal: AbortSignal,
  ): Promise<Enforced>;
  /** Why the program takes (or took) a peer off, by public key. */
  intents(): ReadonlyMap<string, string>;
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { policies: store, networksOf } = options;
  const pace = pollSoonerFor();
  const limit = limiter(options.control);
  let intents: ReadonlyMap<string, string> = new Map();
  /** What interfaces held when they answered last. */
  const lastReads = new Map<string, ReadonlyMap<string, PeerReading>>();
  const untold = new Set<string>();

  return {
    intents: () => intents,
    reconcile: async (snapshot, changes, now, signal) => {
      const { nowMs, reads, unknown } = viewOf(snapshot, now);
      for (const [name, peers] of reads) lastReads.set(name, peers);
      for (const name of lastReads.keys()) {
        if (!reads.has(name) && !unknown.has(name)) lastReads.delete(name);
      }
      const hintOf = routeHints(networksOf);
      const failures = new Map<number, Text>();
      const policies = await loadCaptured(options, reads, failures, signal);
      // Kept until they are committed: a write that fails must not turn them into a put-back.
      for (const publicKey of removedByOthers(changes)) untold.add(publicKey);
      const plan = planOf(
        policies.filter(({ userId }) => !failures.has(userId)),
        {
          nowMs,
          reads,
          unknown,
          lastReads,
          removedByOthers: untold,
          periodStartMs: (period) => options.periodStartMs(period, nowMs),
        },
      );
      const at = new Date(nowMs);
      await captureBeforeRemoval(options, plan.removals, signal);
      if (plan.updates.length > 0) await store.commit(plan.updates, at);
      untold.clear();
      if (plan.erasures.length > 0) await store.erase(plan.erasures, at);
      intents = intentsOf(policies, plan);

      const configured = new Set<number>();
      await removePeers(options.commands, plan.removals, failures, signal);
      await putPeers(options, plan.puts, failures, configured, signal);
      const limitable = new Map([
        ...[...lastReads].filter(([name]) => unknown.has(name)),
        ...reads,
      ]);
      const limited = await limit(policies, limitable, nowMs, failures, signal);

      const reports = policies.flatMap((policy) =>
        reportOf(policy, failures, configured, limited.changedIds, hintOf),
      );
      if (reports.length > 0) await store.report(reports, at);
      const hasWritten = plan.removals.length > 0 || configured.size > 0;
      const problem = limited.problem ?? [...failures.values()][0] ?? null;
      return { hasWritten, pollWithinMs: pace(policies, now.monotonicMs), problem };
    },
  };
}

/** The owner of a discovered peer may have given it another key since the last look. */
async function captureBeforeRemoval(
  { commands, policies: store }: ReconcilerOptions,
  removals: readonly PeerStep[],
  signal: AbortSignal,
): Promise<void> {
  const strangers = removals.filter(({ policy }) => !policy.managed && !policy.takenOff);
  for (const name of new Set(strangers.map((step) => step.interface))) {
    const keys = await commands.presharedKeys(name, signal);
    const found = strangers.flatMap(({ interface: on, policy: { publicKey, userId } }) => {
      const presharedKey = on === name ? keys.get(publicKey) : undefined;
      return presharedKey === undefined ? [] : [{ userId, presharedKey }];
    });
    await store.capture(found, { again: true });
  }
}

type Reads = ReadonlyMap<string, ReadonlyMap<string, PeerReading>>;

function viewOf(snapshot: Snapshot, now: Instant) {
  const reads = new Map<string, ReadonlyMap<string, PeerReading>>();
  const unknown = new Set<string>();
  for (const { name, read } of snapshot.interfaces) {
    if (read.kind === 'read') reads.set(name, peersByKey(read));
    else unknown.add(name);
  }
  return { nowMs: Math.round(now.wallMs), reads, unknown };
}

/** A peer that went away without a word of ours. */
function removedByOthers({ events }: Changes): ReadonlySet<string> {
  return new Set(
    events.flatMap(({ type, reason, publicKey }) =>
      type === 'PEER_REMOVED' && reason === null && publicKey !== null ? [publicKey] : [],
    ),
  );
}

function intentsOf(policies: readonly PeerPolicy[], { updates }: Plan): Map<string, string> {
  const changed = new Map(updates.map((update) => [update.userId, update.set]));
  const intents = new Map<string, string>();
  for (const policy of policies) {
    const set = changed.get(policy.userId);
    const reason = set?.cutReason === undefined ? policy.cutReason : set.cutReason;
    const isTakenOff = set?.takenOff ?? policy.takenOff;
    if (isTakenOff || reason !== null) intents.set(policy.publicKey, reason ?? 'KICKED');
  }
  return intents;
}

/**
 * The policies, after keeping the preshared keys that nobody declared: a peer that WireGuard forgets
 * takes its key along, and one written without it could not be reached any more. A user whose key
 * could not be learnt is left out, so that nothing is done to its peer.
 */
async function loadCaptured(
  { commands, policies: store }: ReconcilerOptions,
  reads: Reads,
  failures: Map<number, Text>,
  signal: AbortSignal,
): Promise<readonly PeerPolicy[]> {
  const loaded = await store.load();
  const isUnknown = ({ captured, publicKey }: PeerPolicy, peers: ReadonlyMap<string, unknown>) =>
    !captured && peers.has(publicKey);
  let hasCaptured = false;
  for (const [name, peers] of reads) {
    const wanted = loaded.filter((policy) => isUnknown(policy, peers));
    if (wanted.length === 0) continue;
    await attempt(
      async () => {
        const keys = await commands.presharedKeys(name, signal);
        const found = wanted.flatMap(({ userId, publicKey }) => {
          const presharedKey = keys.get(publicKey);
          return presharedKey === undefined ? [] : [{ userId, presharedKey }];
        });
        await store.capture(found);
        hasCaptured = true;
      },
      (text) => {
        for (const { userId } of wanted) failures.set(userId, text);
      },
    );
  }
  return hasCaptured ? store.load() : loaded;
}

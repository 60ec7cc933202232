import { setImmediate } from 'node:timers/promises';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { SharedResult, type Sink } from './shared-result.ts';
import type { LateJoiner, Sharing } from './sharing-key.ts';

export type Subscribe = (
  args: ExecutionArgs,
) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;

/** Executes equal subscriptions once for all subscribers. */
export interface FanOut {
  /** Delivers results to the sink until the returned function is called or the sink is ended. */
  join(sharing: Sharing, args: ExecutionArgs, subscribe: Subscribe, sink: Sink): () => void;
}

/**
 * The number of results delivered before yielding to the event loop. One poll may log thousands of events;
 * without the pause, clients that read fast enough would be treated as slow.
 */
const RESULTS_A_TURN = 50;

interface Member {
  readonly sink: Sink;
  /** Results received while the member waits for its snapshot; null once it is up to date. */
  waiting: SharedResult[] | null;
}

interface Group {
  readonly members: Set<Member>;
  /** Whether the first result has been delivered. */
  hasBegun: boolean;
  /** A snapshot for late joiners that has not been started yet; null if there is none. */
  nextSnapshot: Promise<SharedResult | null> | null;
  /** Ends the execution. */
  stop: () => void;
}

export function createFanOut(): FanOut {
  const groups = new Map<string, Group>();

  const startGroup = (key: string, args: ExecutionArgs, subscribe: Subscribe): Group => {
    const members = new Set<Member>();
    const group: Group = { members, hasBegun: false, nextSnapshot: null, stop: () => {} };
    groups.set(key, group);
    const finish = () => {
      if (groups.get(key) === group) groups.delete(key);
      for (const member of group.members) end(group, member);
    };
    run(group, args, subscribe).then(finish, finish);
    return group;
  };

  return {
    join: ({ key, lateJoiner }, args, subscribe, sink) => {
      const group = groups.get(key) ?? startGroup(key, args, subscribe);
      const member: Member = { sink, waiting: null };
      if (group.hasBegun) catchUp[lateJoiner](group, member, args, subscribe);
      group.members.add(member);
      return () => {
        group.members.delete(member);
        if (group.members.size > 0) return;
        if (groups.get(key) === group) groups.delete(key);
        group.stop();
      };
    },
  };
}

async function run(group: Group, args: ExecutionArgs, subscribe: Subscribe): Promise<void> {
  const stream = await subscribe(args);
  if (!(Symbol.asyncIterator in stream)) return deliver(group, new SharedResult(stream));
  const iterator = stream[Symbol.asyncIterator]();
  group.stop = () => void iterator.return?.();
  // All members may have left while the execution was being prepared.
  if (group.members.size === 0) group.stop();
  let delivered = 0;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    deliver(group, new SharedResult(next.value));
    if (++delivered % RESULTS_A_TURN === 0) await setImmediate();
  }
}

function deliver(group: Group, result: SharedResult): void {
  group.hasBegun = true;
  for (const { sink, waiting } of group.members) {
    if (waiting === null) sink.push(result);
    else waiting.push(result);
  }
}

/** Delivers the waiting results, which may contain the reason for the end, and ends the sink. */
function end(group: Group, member: Member): void {
  group.members.delete(member);
  for (const result of member.waiting ?? []) member.sink.push(result);
  member.sink.end();
}

type CatchUp = (group: Group, member: Member, args: ExecutionArgs, subscribe: Subscribe) => void;

const catchUp: Readonly<Record<LateJoiner, CatchUp>> = {
  NEXT: () => {},
  SNAPSHOT: (group, member, args, subscribe) => {
    member.waiting = [];
    readSnapshot(group, member, args, subscribe).catch(() => {
      if (group.members.has(member)) end(group, member);
    });
  },
};

/**
 * Delivers a new snapshot, then all results received since the member joined. A state may be repeated, but
 * none is missed, because results read after the snapshot are delivered after it.
 */
async function readSnapshot(
  group: Group,
  member: Member,
  args: ExecutionArgs,
  subscribe: Subscribe,
): Promise<void> {
  group.nextSnapshot ??= snapshotAtNextTurn(group, args, subscribe);
  const snapshot = await group.nextSnapshot;
  if (!group.members.has(member)) return;
  const { sink } = member;
  if (snapshot !== null) sink.push(snapshot);
  // Without the snapshot, the client would mistake the changes for the complete state.
  if (snapshot === null || snapshot.hasFailed) {
    member.waiting = null;
    return end(group, member);
  }
  const { waiting } = member;
  member.waiting = null;
  for (const result of waiting ?? []) if (group.members.has(member)) sink.push(result);
}

/** Shared by all members that join in the same event loop iteration, as thousands do after a restart. */
async function snapshotAtNextTurn(
  group: Group,
  args: ExecutionArgs,
  subscribe: Subscribe,
): Promise<SharedResult | null> {
  await setImmediate();
  group.nextSnapshot = null;
  return firstResultOf(await subscribe(args));
}

async function firstResultOf(
  answer: AsyncIterable<ExecutionResult> | ExecutionResult,
): Promise<SharedResult | null> {
  if (!(Symbol.asyncIterator in answer)) return new SharedResult(answer);
  const iterator = answer[Symbol.asyncIterator]();
  const { done, value } = await iterator.next();
  void iterator.return?.();
  return done ? null : new SharedResult(value);
}

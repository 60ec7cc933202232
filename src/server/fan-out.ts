import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';

/** A result that goes to many, written as JSON once. */
export class SharedResult {
  #bytes: Buffer | null = null;

  constructor(readonly result: ExecutionResult) {}

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(JSON.stringify(this.result));
    return this.#bytes;
  }
}

/** Where the results of one subscription go. Neither may throw. */
export interface Sink {
  push(result: SharedResult): void;
  /** Nothing more comes. */
  end(): void;
}

export type Subscribe = (
  args: ExecutionArgs,
) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;

/** Runs equal subscriptions once for all who ask. */
export interface FanOut {
  /** Delivers to the sink until the answer is called. `key` is equal where everything is. */
  join(key: string, args: ExecutionArgs, subscribe: Subscribe, sink: Sink): () => void;
}

interface Member {
  readonly sink: Sink;
  /** What came while the member waits for its own snapshot; null once it is up to date. */
  waiting: SharedResult[] | null;
}

interface Group {
  readonly members: Set<Member>;
  hasStarted: boolean;
  /** Ends the execution. */
  stop: () => void;
}

export function createFanOut(): FanOut {
  const groups = new Map<string, Group>();

  const startGroup = (key: string, args: ExecutionArgs, subscribe: Subscribe): Group => {
    const group: Group = { members: new Set(), hasStarted: false, stop: () => {} };
    groups.set(key, group);
    const finish = () => {
      if (groups.get(key) === group) groups.delete(key);
      for (const { sink } of group.members) sink.end();
      group.members.clear();
    };
    run(group, args, subscribe).then(finish, finish);
    return group;
  };

  return {
    join: (key, args, subscribe, sink) => {
      const group = groups.get(key) ?? startGroup(key, args, subscribe);
      const isLate = group.hasStarted && startsWithSnapshot(args);
      const member: Member = { sink, waiting: isLate ? [] : null };
      group.members.add(member);
      // One that cannot catch up is ended, and asks again.
      if (isLate) catchUp(group, member, args, subscribe).catch(() => sink.end());
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
  if (!(Symbol.asyncIterator in stream)) {
    deliver(group, new SharedResult(stream));
    return;
  }
  const iterator = stream[Symbol.asyncIterator]();
  group.stop = () => void iterator.return?.();
  // Everybody may have left while the execution was being prepared.
  if (group.members.size === 0) group.stop();
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    group.hasStarted = true;
    deliver(group, new SharedResult(next.value));
  }
}

function deliver(group: Group, result: SharedResult): void {
  for (const { sink, waiting } of group.members) {
    if (waiting === null) sink.push(result);
    else waiting.push(result);
  }
}

/**
 * A member that comes to a running execution gets a snapshot of its own first, then what came
 * meanwhile: states may be repeated, none is missed.
 */
async function catchUp(
  group: Group,
  member: Member,
  args: ExecutionArgs,
  subscribe: Subscribe,
): Promise<void> {
  const stream = await subscribe(args);
  if (Symbol.asyncIterator in stream) {
    const iterator = stream[Symbol.asyncIterator]();
    const first = await iterator.next();
    void iterator.return?.();
    if (!group.members.has(member)) return;
    if (!first.done) member.sink.push(new SharedResult(first.value));
  }
  for (const result of member.waiting ?? []) member.sink.push(result);
  member.waiting = null;
}

const SNAPSHOT_FIELDS = new Set(['presence', 'dashboard', 'status']);

function startsWithSnapshot(args: ExecutionArgs): boolean {
  return SNAPSHOT_FIELDS.has(rootFieldOf(args)?.name.value ?? '');
}

/**
 * What makes two subscriptions equal; null for one that must run alone: a replay starts at a cursor of
 * its own.
 */
export function sharingKeyOf(args: ExecutionArgs, query: string): string | null {
  const field = rootFieldOf(args);
  if (field === null) return null;
  const hasCursor = field.arguments?.some(({ name }) => name.value === 'after') ?? false;
  if (field.name.value === 'events' && hasCursor) return null;
  return JSON.stringify([query, args.operationName ?? null, args.variableValues ?? null]);
}

/** The only root field of a subscription; null where fragments or directives hide it. */
function rootFieldOf({ document, operationName }: ExecutionArgs) {
  const operation = getOperationAST(document, operationName);
  const [field, ...others] = operation?.selectionSet.selections ?? [];
  if (operation?.operation !== 'subscription' || others.length > 0) return null;
  return field?.kind === 'Field' && field.directives?.length === 0 ? field : null;
}

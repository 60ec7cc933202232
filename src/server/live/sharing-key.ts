import {
  type ExecutionArgs,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { Principal } from '../../access/principal.ts';
import { AppError } from '../../domain/errors.ts';
import type { Context } from '../../resolvers/context.ts';

/**
 * How a client that joins a running execution gets up to date: with its own snapshot, or with the next
 * result. Repeating the latest result would be wrong, because its times and its values for today may be
 * out of date.
 */
export type LateJoiner = 'SNAPSHOT' | 'NEXT';

/** How a subscription shares an execution with equal ones. */
export interface Sharing {
  /** Equal for subscriptions that can share an execution. */
  readonly key: string;
  readonly lateJoiner: LateJoiner;
  /** Aborted when the client's access ends. */
  readonly ended: AbortSignal;
}

const LATE_JOINERS: Readonly<Record<string, LateJoiner>> = {
  dashboard: 'SNAPSHOT',
  status: 'SNAPSHOT',
  presence: 'SNAPSHOT',
  liveTraffic: 'NEXT',
  events: 'NEXT',
};

/**
 * A subscription with a longer pause is not shared: a late joiner would wait for the end of the current
 * pause.
 */
const LONGEST_SHARED_PAUSE_MS = 60_000;

/** Returns null for a subscription that cannot be shared, such as a replay from its own cursor. */
export function sharingOf(args: ExecutionArgs, query: string): Sharing | null {
  const { document, operationName, schema } = args;
  const { principal, language } = args.contextValue as Context;
  // The execution itself rejects unauthenticated clients.
  if (principal instanceof AppError) return null;
  const operation = getOperationAST(document, operationName);
  const [field, ...others] = operation?.selectionSet.selections ?? [];
  if (operation?.operation !== 'subscription' || others.length > 0) return null;
  // With fragments or directives, the field cannot be determined here.
  if (field?.kind !== 'Field' || field.directives?.length !== 0) return null;
  const lateJoiner = LATE_JOINERS[field.name.value];
  const definition = schema.getSubscriptionType()?.getFields()[field.name.value];
  const variables = variablesOf(args, operation);
  if (lateJoiner === undefined || definition === undefined || variables === null) return null;
  const { after, minIntervalMs } = getArgumentValues(definition, field, variables);
  if (after != null || isResumed(args) || Number(minIntervalMs ?? 0) > LONGEST_SHARED_PAUSE_MS)
    return null;
  // Authorization depends only on the principal, and a changed grant gives a new principal object.
  const scope = [numberOf(principal), language];
  const key = JSON.stringify([...scope, query, operationName ?? null, variables]);
  return { key, lateJoiner, ended: principal.ended };
}

/** Whether the client continues a stream of events from where it was. */
function isResumed({ contextValue }: ExecutionArgs): boolean {
  return (contextValue as Context).resumeAfter !== undefined;
}

/** Returns the declared variables with their defaults; null if the execution would reject them. */
function variablesOf(
  { schema, variableValues }: ExecutionArgs,
  operation: OperationDefinitionNode,
) {
  const declared = operation.variableDefinitions ?? [];
  return getVariableValues(schema, declared, variableValues ?? {}).coerced ?? null;
}

const numbers = new WeakMap<Principal, number>();
let count = 0;

function numberOf(principal: Principal): number {
  const number = numbers.get(principal) ?? ++count;
  numbers.set(principal, number);
  return number;
}

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
 * How one that comes to a running execution gets to where the others are: with a snapshot of its own, or
 * with the next result. The latest result would not do: times in it, and what counts as today, grow old
 * without a new one.
 */
export type LateJoiner = 'SNAPSHOT' | 'NEXT';

/** Which subscriptions are one and the same execution. */
export interface Sharing {
  /** Equal where everything is. */
  readonly key: string;
  readonly lateJoiner: LateJoiner;
  /** Aborted when the right to be told has ended. */
  readonly ended: AbortSignal;
}

const LATE_COMERS: Readonly<Record<string, LateJoiner>> = {
  dashboard: 'SNAPSHOT',
  status: 'SNAPSHOT',
  presence: 'SNAPSHOT',
  liveTraffic: 'NEXT',
  events: 'NEXT',
};

/** Whoever asks for longer pauses runs alone: it would wait for the end of somebody else's. */
const LONGEST_SHARED_PAUSE_MS = 60_000;

/** null for a subscription that must run alone: a replay starts at a cursor of its own. */
export function sharingOf(args: ExecutionArgs, query: string): Sharing | null {
  const { document, operationName, schema } = args;
  const { principal, language } = args.contextValue as Context;
  // What is refused to nobody is refused by the execution.
  if (principal instanceof AppError) return null;
  const operation = getOperationAST(document, operationName);
  const [field, ...others] = operation?.selectionSet.selections ?? [];
  if (operation?.operation !== 'subscription' || others.length > 0) return null;
  // Fragments and directives hide the field.
  if (field?.kind !== 'Field' || field.directives?.length !== 0) return null;
  const lateJoiner = LATE_COMERS[field.name.value];
  const definition = schema.getSubscriptionType()?.getFields()[field.name.value];
  const variables = variablesOf(args, operation);
  if (lateJoiner === undefined || definition === undefined || variables === null) return null;
  const { after, minIntervalMs } = getArgumentValues(definition, field, variables);
  if (after != null || Number(minIntervalMs ?? 0) > LONGEST_SHARED_PAUSE_MS) return null;
  // The very principal holds all that authorization depends on, and ends with it.
  const scope = [numberOf(principal), language];
  const key = JSON.stringify([...scope, query, operationName ?? null, variables]);
  return { key, lateJoiner, ended: principal.ended };
}

/** Only those that the operation declares, with their defaults; null where the execution refuses them. */
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

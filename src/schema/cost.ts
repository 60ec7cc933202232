import type { FieldComplexityValue } from '@pothos/plugin-complexity';
import { type GraphQLField, isListType, isNonNullType } from 'graphql';
import type { Context } from '../resolvers/context.ts';

/** What a field costs that asks the database for each object it is selected on; others cost 1. */
const QUERY_COST = 100;

/** A page when nobody says how long. */
const DEFAULT_FIRST = 50;

/** How many objects a list counts as whose length its arguments do not tell. */
const UNKNOWN_LENGTH = 100;

/** No page is longer; the resolvers refuse by name what asks for more. */
const MAX_FIRST = 1000;

/** What all users count as where none are named, as the longest page of them does. */
const ALL_USERS = MAX_FIRST;

/** The longest series that is ever answered. */
const MAX_POINTS = 10_000;

interface Span {
  readonly ms: number;
  /** How many points a series has when nobody says from when. */
  readonly defaultPoints: number;
  /** What each point costs to find, however much of it is answered. */
  readonly pointCost: number;
}

const SPANS: Readonly<Record<string, Span>> = {
  QUARTER_HOUR: { ms: 900_000, defaultPoints: 96, pointCost: 0 },
  HOUR: { ms: 3_600_000, defaultPoints: 24, pointCost: 0 },
  DAY: { ms: 86_400_000, defaultPoints: 30, pointCost: 0 },
  // The clock is turned twice a year, and when is asked of the zone's rules.
  MONTH: { ms: 28 * 86_400_000, defaultPoints: 12, pointCost: 10 },
};

/**
 * The cost of every field: 1 for each value that is answered, more where it has to be fetched, and
 * with `multiplier` times what is selected below it. Told from the arguments alone, so that a new list
 * has its price as soon as it takes `first`.
 */
export function costOf(
  args: Readonly<Record<string, unknown>>,
  ctx: Context,
  field: GraphQLField<unknown, Context, Record<string, unknown>>,
): FieldComplexityValue {
  const has = (name: string) => field.args.some((argument) => argument.name === name);
  if (has('first')) return { field: QUERY_COST, multiplier: lengthOf(args.first) };
  if (has('bucket')) {
    const points = pointsOf(args, ctx);
    const pointCost = SPANS[String(args.bucket)]?.pointCost ?? 0;
    return { field: QUERY_COST + points * pointCost, multiplier: points };
  }
  if (!isList(field)) return 1;
  // Counted by the `first` of the list they are a part of.
  if (field.name === 'edges') return { field: 1, multiplier: 1 };
  if (has('userIds')) return { field: 1, multiplier: usersOf(args.userIds) };
  return { field: 1, multiplier: UNKNOWN_LENGTH };
}

function lengthOf(first: unknown): number {
  // A negative length is refused later; it must not make up for what others cost.
  return typeof first === 'number' ? Math.min(Math.max(first, 0), MAX_FIRST) : DEFAULT_FIRST;
}

function usersOf(userIds: unknown): number {
  return Array.isArray(userIds) ? Math.min(userIds.length, ALL_USERS) : ALL_USERS;
}

function pointsOf({ bucket, from, to }: Readonly<Record<string, unknown>>, ctx: Context): number {
  const span = SPANS[String(bucket)];
  if (span === undefined) return MAX_POINTS;
  if (!(from instanceof Date)) return span.defaultPoints;
  const endMs = to instanceof Date ? to.getTime() : ctx.clock.wallMs();
  const points = Math.ceil((endMs - from.getTime()) / span.ms) + 1;
  return Math.min(Math.max(points, 1), MAX_POINTS);
}

function isList({ type }: GraphQLField<unknown, Context>): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

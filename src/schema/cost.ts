import type { FieldComplexityValue } from '@pothos/plugin-complexity';
import { type GraphQLField, isListType, isNonNullType } from 'graphql';
import type { Context } from '../resolvers/context.ts';

/** The cost of a field that queries the database for each parent object; other fields cost 1. */
const QUERY_COST = 100;

/** The page length if neither `first` nor `last` is given. */
const DEFAULT_FIRST = 50;

/** The assumed length of a list whose arguments do not determine its length. */
const UNKNOWN_LENGTH = 100;

/** The longest page; the resolvers reject a larger `first` with its own error. */
const MAX_FIRST = 1000;

/** The assumed number of users if no `userIds` are given: that of the longest page. */
const ALL_USERS = MAX_FIRST;

/** The longest series that can be returned. */
const MAX_POINTS = 10_000;

interface Span {
  readonly ms: number;
  /** The number of points if `from` is absent. */
  readonly defaultPoints: number;
  /** The cost of computing one point, whatever fields are selected on it. */
  readonly pointCost: number;
}

const SPANS: Readonly<Record<string, Span>> = {
  QUARTER_HOUR: { ms: 900_000, defaultPoints: 96, pointCost: 0 },
  HOUR: { ms: 3_600_000, defaultPoints: 24, pointCost: 0 },
  DAY: { ms: 86_400_000, defaultPoints: 30, pointCost: 0 },
  // Month boundaries need the time zone's daylight-saving rules, which are slow to look up.
  MONTH: { ms: 28 * 86_400_000, defaultPoints: 12, pointCost: 10 },
};

/**
 * The cost of a field: 1 for a value, more if it must be fetched, plus `multiplier` times the cost of
 * its selection. Derived from the arguments alone, so a new list has a cost as soon as it takes `first`.
 */
export function costOf(
  args: Readonly<Record<string, unknown>>,
  ctx: Context,
  field: GraphQLField<unknown, Context, Record<string, unknown>>,
): FieldComplexityValue {
  const has = (name: string) => field.args.some((argument) => argument.name === name);
  if (has('first')) return { field: QUERY_COST, multiplier: lengthOf(args.last ?? args.first) };
  if (has('bucket')) {
    const points = pointsOf(args, ctx);
    const pointCost = SPANS[String(args.bucket)]?.pointCost ?? 0;
    return { field: QUERY_COST + points * pointCost, multiplier: points };
  }
  if (!isList(field)) return 1;
  // Already counted by the `first` of the connection.
  if (field.name === 'edges') return { field: 1, multiplier: 1 };
  if (has('userIds')) return { field: 1, multiplier: usersOf(args.userIds) };
  return { field: 1, multiplier: UNKNOWN_LENGTH };
}

function lengthOf(entries: unknown): number {
  // A negative length is rejected later; until then it must not reduce the total cost.
  return typeof entries === 'number' ? Math.min(Math.max(entries, 0), MAX_FIRST) : DEFAULT_FIRST;
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

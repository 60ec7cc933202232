import * as z from 'zod';
import { MAX_PAGE } from '../../resolvers/problems.ts';

/** The documented actions on a user. */
export const ACTION_NAMES = ['enable', 'disable', 'reset', 'kick', 'delete'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

/** How a response writes byte counts: as JSON numbers, or as text, which no client rounds. */
export const BYTES_AS = ['number', 'string'] as const;
export type BytesAs = (typeof BYTES_AS)[number];

export const PRESENCE = ['all', 'online', 'offline'] as const;
export const USER_STATUS = [...PRESENCE, 'enabled', 'disabled'] as const;
export const MAX_PAGE_NUMBER = 1_000_000;
export const MAX_PER_PAGE = MAX_PAGE;
export const DEFAULT_PER_PAGE = 100;
export const MAX_DAYS = 365;
export const DEFAULT_DAYS = 7;

const action = z
  .enum(ACTION_NAMES)
  .describe(
    '`enable` or `disable` the user, `reset` its traffic and quota counters to 0, `kick` it off until it connects again, or `delete` it.',
  );

/** The parameters in paths. */
export const PATH_PARAMETERS = {
  id: z.int().min(1).describe('The id of the user.'),
  action,
} as const;

export const noQuery = z.object({});

export const bytesQuery = z.object({
  bytes: z
    .enum(BYTES_AS)
    .default('number')
    .describe(
      'How byte counts are written. They have up to 64 bits, and many clients round JSON numbers above 2^53. With `string`, every property with `format: int64` is text with the same digits.',
    ),
});

export const listQuery = z.object({
  page: z
    .int()
    .min(1)
    .max(MAX_PAGE_NUMBER)
    .optional()
    .describe(
      'The page to return, from 1. Without `page` and `per_page`, the whole list is returned.',
    ),
  per_page: z
    .int()
    .min(1)
    .max(MAX_PER_PAGE)
    .optional()
    .describe(`Entries on a page; ${DEFAULT_PER_PAGE} if only \`page\` is given.`),
  ...bytesQuery.shape,
});

export const managementQuery = listQuery.extend({
  search: z
    .string()
    .optional()
    .describe('Return only users whose nickname, mail or public key contains this text.'),
  status: z.enum(USER_STATUS).default('all').describe('Return only users of this status.'),
});

export const historyQuery = listQuery.extend({
  user_id: z
    .int()
    .min(0)
    .optional()
    .describe('Return only sessions of this user; none if there is no such user.'),
  status: z
    .enum(PRESENCE)
    .default('all')
    .describe('Return only open (`online`) or ended (`offline`) sessions.'),
  from: z
    .string()
    .optional()
    .describe(
      'Return only sessions that were open at or after this time: `YYYY-MM-DD` (its start), `YYYY-MM-DD HH:MM:SS`, or ISO 8601 with an offset.',
    ),
  to: z
    .string()
    .optional()
    .describe(
      'Return only sessions that started before this time; a date alone includes the whole day.',
    ),
});

export const chartQuery = z.object({
  days: z
    .int()
    .min(1)
    .max(MAX_DAYS)
    .default(DEFAULT_DAYS)
    .describe('The number of days, including today.'),
  ...bytesQuery.shape,
});

export const actionQuery = z.object({ action });

/** A POST may name the action in its body instead. */
export const actionPostQuery = z.object({ action: action.optional() });

import * as z from 'zod';
import { type ByteCount, sumOfBytes } from '../../domain/bytes.ts';
import { permissionOf } from '../../domain/enforcement/permission.ts';
import { APPLIED_STATES } from '../../domain/enforcement/policy.ts';
import { nextPeriodStart } from '../../domain/enforcement/quota-period.ts';
import { AppError } from '../../domain/errors.ts';
import { readFrom } from '../../store/lists/page.ts';
import type { SessionRecord, UserRecord } from '../../store/records.ts';
import type { SomeUsers, UserFilter } from '../../store/user.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { readSince } from '../loaders.ts';
import { cursorAt, positions } from '../pages/cursor.ts';
import { type Connection, offsetInput, pageInput, pageOf } from '../pages/page.ts';
import { requireSight, visibleSearch } from '../redaction.ts';
import { useCase } from '../use-case.ts';
import { ORDER_FIELDS, sortValueOf } from './order.ts';

type GivenFilter = z.output<typeof filterInput>;

export const filterInput = z
  .object({
    search: z.string().nullish(),
    online: z.boolean().nullish(),
    enabled: z.boolean().nullish(),
    managed: z.boolean().nullish(),
    interface: z.string().nullish(),
    enforcement: z.enum(APPLIED_STATES).nullish(),
    owner: z.string().nullish(),
    tag: z.string().nullish(),
    overQuota: z.boolean().nullish(),
    expiresAfter: input.date.nullish(),
    expiresBefore: input.date.nullish(),
    neverConnected: z.boolean().nullish(),
  })
  .nullish()
  .transform((filter) => withoutNulls(filter ?? {}));

const orderInput = z
  .object({
    field: z.enum(ORDER_FIELDS),
    descending: z.boolean().nullish(),
  })
  .nullish()
  .transform((order) => ({
    field: order?.field ?? 'ID',
    descending: order?.descending ?? false,
  }));

/**
 * Converts a filter to the store's form, with the fields the reader may search and the current time. Rejects with
 * `FORBIDDEN` a filter by fields that the reader may not see.
 */
export function storeFilter(
  ctx: Context,
  { search, enforcement, owner, ...filter }: GivenFilter,
): UserFilter {
  if (owner !== undefined || filter.tag !== undefined) requireSight(ctx);
  return {
    ...filter,
    ...(owner !== undefined && { owner: owner.normalize('NFC').trim() }),
    ...(search !== undefined && { search: visibleSearch(ctx, search) }),
    ...(enforcement !== undefined && {
      enforcement: {
        state: enforcement,
        now: new Date(ctx.clock.wallMs()),
        readSince: readSince(ctx),
        manage: ctx.config.manage,
      },
    }),
  };
}

/** Returns a page of users by cursor. */
export const users = useCase(
  'users',
  'self',
  z.object({ ...pageInput, filter: filterInput, orderBy: orderInput }),
  async (ctx, { filter, orderBy, ...page }): Promise<Connection<UserRecord>> => {
    const { field, descending } = orderBy;
    const wanted = storeFilter(ctx, filter);
    const by = await sortValueOf(ctx, field);
    const { users, positionOf, compare } = await ctx.store.users.sorted(wanted, { by, descending });
    const bounds = await positions(page, field, async (id) => {
      const found = await ctx.store.users.find(id);
      return found === null ? null : positionOf(found).value;
    });
    return pageOf(
      {
        read: async (reading) => readFrom(users, reading, compare),
        placeOf: positionOf,
        cursorOf: (user) => cursorAt(field, positionOf(user)),
        count: async () => users.length,
      },
      { ...page, ...bounds },
    );
  },
);

/** Returns all users by id, or a range of them, as of one commit; each with the start of its latest session. */
export const listUsers = useCase(
  'listUsers',
  'self',
  z.object({ range: z.object(offsetInput).nullable(), filter: filterInput }),
  async (ctx, { filter, range }): Promise<SomeUsers> =>
    ctx.store.users.some(storeFilter(ctx, filter), range),
);

const identity = { id: input.id.nullish(), publicKey: input.publicKey.nullish() };

/** Returns one user by id or public key; null if there is none. */
export const user = useCase(
  'user',
  'self',
  z.object({ ...identity, by: z.object(identity).nullish() }),
  (ctx, given): Promise<UserRecord | null> => {
    const ids = [given.id, given.by?.id].filter((id) => id != null);
    const keys = [given.publicKey, given.by?.publicKey].filter((key) => key != null);
    const [id] = ids;
    if (ids.length + keys.length !== 1) {
      throw new AppError('INVALID_ARGUMENT', {
        en: 'Give exactly one of id and publicKey.',
        zh: 'id 和 publicKey 必须且只能提供其中一个。',
      });
    }
    return id !== undefined
      ? ctx.loaders.user.load(id)
      : ctx.store.users.findByKey(keys[0] as string);
  },
);

/** The bytes of users since the start of the local day or month, together. */
export function usageOf(
  ctx: Context,
  period: 'today' | 'month',
  users: readonly UserRecord[],
): Promise<ByteCount> {
  return ctx.loaders[period].load(users.map(({ id }) => id));
}

/** The bytes of users since their last resets, together. */
export function totalOfAll(users: readonly UserRecord[]): ByteCount {
  return sumOfBytes(users.map(totalOf));
}

/** The bytes of a user since its last reset, including opening balances. */
export function totalOf(user: UserRecord): ByteCount {
  return { rx: user.rx - user.offsetRx, tx: user.tx - user.offsetTx };
}

/** Returns the open session; null while the user is offline. */
export async function openSessionOf(ctx: Context, user: UserRecord): Promise<SessionRecord | null> {
  return user.online ? latestSessionOf(ctx, user) : null;
}

/** Returns the latest session, open or ended; null if there was none. */
export async function latestSessionOf(
  ctx: Context,
  user: UserRecord,
): Promise<SessionRecord | null> {
  return user.latestSessionId === null ? null : ctx.loaders.session.load(user.latestSessionId);
}

export interface Quota {
  /** Bytes; null means no limit. */
  readonly limit: bigint | null;
  readonly used: bigint;
  /** Bytes; null means no limit. */
  readonly left: bigint | null;
  readonly period: string;
  /** null if the quota does not reset automatically. */
  readonly resetsAt: Date | null;
}

/** Returns a user's quota and its use: rx and tx together, since the quota last started. */
export function quotaOf(ctx: Pick<Context, 'calendar' | 'clock'>, user: UserRecord): Quota {
  const { quotaLimitBytes: limit, quotaUsedBytes: used } = permissionOf(user);
  const resetsAt = nextPeriodStart(ctx.calendar, user.quotaPeriod, new Date(ctx.clock.wallMs()));
  const left = limit === null ? null : limit > used ? limit - used : 0n;
  return { limit, used, left, period: user.quotaPeriod, resetsAt };
}

type NonNull<T> = { [K in keyof T]: NonNullable<T[K]> };

/** Drops the fields that are null or absent. */
export function withoutNulls<T extends object>(value: T): Partial<NonNull<T>> {
  const entries = Object.entries(value).filter(([, field]) => field != null);
  return Object.fromEntries(entries) as Partial<NonNull<T>>;
}

import type { UserRecord } from '../../store/records.ts';
import type { SortValue, UserOrderField } from '../../store/user.ts';
import type { Context } from '../context.ts';
import { rateOf } from '../rate.ts';

/** What users are sorted by that is not kept with them. */
const COMPUTED = ['RATE', 'TODAY'] as const;

const STORED = [
  ...(['ID', 'NICKNAME', 'ONLINE', 'LAST_SEEN', 'CREATED_AT', 'EXPIRES_AT'] as const),
  ...(['TOTAL_RX', 'TOTAL_TX', 'QUOTA_USED'] as const),
] satisfies readonly UserOrderField[];

export const ORDER_FIELDS = [...STORED, ...COMPUTED] as const;
export type OrderField = (typeof ORDER_FIELDS)[number];

/** Reads what users are sorted by, as of now. */
export async function sortValueOf(ctx: Context, field: OrderField): Promise<SortValue> {
  if (field === 'RATE') return (user) => rateValueOf(ctx, user);
  if (field !== 'TODAY') return field;
  const { users } = await ctx.store.users.some({}, null);
  const ids = users.map(({ user }) => user.id);
  const today = ctx.calendar.startOfDay(new Date(ctx.clock.wallMs()));
  const sums = await ctx.store.traffic.sumsOfUsers(ids, today);
  return ({ id }) => {
    const bytes = sums.get(id);
    return bytes === undefined ? 0n : bytes.rx + bytes.tx;
  };
}

/** Bytes per second in both directions, in thousandths. */
function rateValueOf(ctx: Context, user: UserRecord): bigint {
  const { rxBytesPerSecond, txBytesPerSecond } = rateOf(ctx, user);
  return BigInt(Math.round((rxBytesPerSecond + txBytesPerSecond) * 1000));
}

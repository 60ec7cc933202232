import type { UserRecord } from '../store/records.ts';
import type { Context } from './context.ts';

/** A user's transfer rate. */
export interface Rate {
  readonly user: UserRecord;
  readonly rxBytesPerSecond: number;
  readonly txBytesPerSecond: number;
}

/** The rate between the last two polls. */
export function rateOf(ctx: Pick<Context, 'bus'>, user: UserRecord): Rate {
  const { rxBytesPerSecond, txBytesPerSecond } = ctx.bus.rateOf(user.id);
  return { user, rxBytesPerSecond, txBytesPerSecond };
}

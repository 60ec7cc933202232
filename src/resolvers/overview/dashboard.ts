import * as z from 'zod';
import type { Context } from '../context.ts';
import { useCase } from '../use-case.ts';

export interface Dashboard {
  readonly totalUsers: number;
  readonly onlineUsers: number;
  readonly activeSessions: number;
  readonly totalRx: bigint;
  readonly totalTx: bigint;
  readonly todayRx: bigint;
  readonly todayTx: bigint;
  readonly monthRx: bigint;
  readonly monthTx: bigint;
  /** Sums of the users' rates between the last two polls. */
  readonly rxBytesPerSecond: number;
  readonly txBytesPerSecond: number;
  readonly recordStart: Date;
}

/** Returns the key numbers, all from one consistent read of the database. */
export const dashboard = useCase('dashboard', 'self', z.object({}), readDashboard);

export async function readDashboard(ctx: Context): Promise<Dashboard> {
  const now = new Date(ctx.clock.wallMs());
  const { userIds, ...figures } = await ctx.store.overview.overview({
    day: ctx.calendar.startOfDay(now),
    month: ctx.calendar.startOfMonth(now),
  });
  return { ...figures, ...ctx.bus.sumOfRates(userIds), recordStart: ctx.store.recordStart };
}

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
  readonly recordStart: Date;
}

/** Returns the key numbers, all from one consistent read of the database. */
export const dashboard = useCase('dashboard', 'self', z.object({}), readDashboard);

export async function readDashboard(ctx: Context): Promise<Dashboard> {
  const today = ctx.calendar.startOfDay(new Date(ctx.clock.wallMs()));
  const { sinceRx, sinceTx, ...counts } = await ctx.store.overview.overview(today);
  return {
    ...counts,
    todayRx: sinceRx,
    todayTx: sinceTx,
    recordStart: ctx.store.recordStart,
  };
}

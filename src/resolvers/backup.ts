import * as z from 'zod';
import type { Store } from '../store/index.ts';
import { useCase } from './use-case.ts';

/** A copy of the database. Its reader must close the file. */
export interface Backup {
  /** What a client should call it, with the local time. */
  readonly fileName: string;
  readonly file: Awaited<ReturnType<Store['downloads']['open']>>;
}

/** Copies the database as it is at one instant. */
export const openBackup = useCase(
  'openBackup',
  'admin',
  z.object({ signal: z.instanceof(AbortSignal) }),
  async (ctx, { signal }): Promise<Backup> => {
    const file = await ctx.store.downloads.open(signal);
    const time = ctx.calendar.formatTime(new Date(ctx.clock.wallMs()));
    const [day = '', hour = ''] = time.replaceAll(/[-:]/g, '').split(' ');
    return { fileName: `wgql-${day}-${hour}.db`, file };
  },
);

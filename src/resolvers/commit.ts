import { AppError } from '../errors.ts';
import type { UserRecord } from '../store/records.ts';
import type { Command, Decide, UserWrite } from '../store/user-commands.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { refuseUnmanaged } from './manage.ts';

/** Changes a user as `decide` says after it has seen the row. */
export function edit(
  ctx: Context,
  id: number,
  action: string,
  decide: Decide<UserRecord>,
): Promise<UserRecord> {
  return commit(ctx, action, (command) =>
    ctx.store.commands.edit(
      id,
      async (before, others) => {
        const decided = await decide(before, others);
        refuseUnmanaged(ctx, Object.keys(decided.fields));
        return decided;
      },
      command,
    ),
  );
}

/** Writes a command, then tells those who watch. */
export async function commit(
  ctx: Context,
  action: string,
  write: (command: Command) => Promise<UserWrite>,
): Promise<UserRecord> {
  const { name: actor } = authorize(ctx, 'operator');
  const at = new Date(ctx.clock.wallMs());
  const { user, events } = await keeping(write({ actor, action, at }));
  ctx.bus.publish('events', events);
  ctx.bus.publish('commit', [{ at }]);
  if (events.length > 0) void ctx.pollNow();
  return user;
}

/** A change that the database did not take is the operator's to mend, and nothing has changed. */
async function keeping<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'UNAVAILABLE',
      {
        en: 'The change could not be kept and nothing has changed; check that the database can be written.',
        zh: '无法保存更改，未做任何修改；请检查数据库是否可写。',
      },
      [],
      { cause: error },
    );
  }
}

import type { AuditAction } from '../../domain/audit-action.ts';
import { userNotFound } from '../../domain/errors.ts';
import { publishLogged } from '../../live/publish.ts';
import type { SealedUserRecord, UserRecord } from '../../store/records.ts';
import type { Command, Decide, UserWrite } from '../../store/user-commands.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { requireManageMode } from './manage-mode.ts';

/** Changes a user; `decide` computes the changes from the current row. */
export function edit(
  ctx: Context,
  id: number,
  action: AuditAction,
  decide: Decide<SealedUserRecord>,
): Promise<UserRecord> {
  return commit(ctx, action, (command) =>
    ctx.store.commands.edit(
      id,
      async (before, others) => {
        const decided = await decide(before, others);
        requireManageMode(ctx, Object.keys(decided.fields));
        return decided;
      },
      command,
    ),
  );
}

/** Writes a command, then notifies the subscribers. */
export async function commit(
  ctx: Context,
  action: AuditAction,
  write: (command: Command) => Promise<UserWrite>,
): Promise<UserRecord> {
  const { name: actor } = authorize(ctx, 'operator');
  const at = new Date(ctx.clock.wallMs());
  const { user, events } = await write({ actor, action, at });
  publishLogged(ctx.bus, events, at);
  void ctx.pollNow();
  return user;
}

/** Returns the user before a command. Rejects with `NOT_FOUND` if there is none. */
export async function existing(ctx: Context, id: number): Promise<UserRecord> {
  const user = await ctx.store.users.find(id);
  if (user === null) throw userNotFound();
  return user;
}

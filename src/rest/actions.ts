import type { Text } from '../domain/errors.ts';
import type { Context } from '../resolvers/context.ts';
import { deleteUser, kickUser } from '../resolvers/user/kick-and-delete.ts';
import { resetTraffic, setUserEnabled } from '../resolvers/user/mutations.ts';
import type { ActionName } from './contract/parameters.ts';
import type { Answer } from './route.ts';

const MESSAGES: Record<ActionName, Text> = {
  enable: { en: 'The user was enabled.', zh: '用户已启用' },
  disable: { en: 'The user was disabled.', zh: '用户已禁用' },
  reset: { en: 'The traffic counters were reset.', zh: '流量统计已重置' },
  kick: { en: 'The user was kicked.', zh: '用户已被踢下线' },
  delete: { en: 'The user was deleted.', zh: '用户已删除' },
};

const OFFLINE: Text = { en: 'The user is not online.', zh: '用户当前不在线' };

const RUN: Record<Exclude<ActionName, 'kick'>, (ctx: Context, id: string) => Promise<unknown>> = {
  enable: (ctx, id) => setUserEnabled(ctx, { id, enabled: true }),
  disable: (ctx, id) => setUserEnabled(ctx, { id, enabled: false }),
  reset: (ctx, id) => resetTraffic(ctx, { id }),
  delete: (ctx, id) => deleteUser(ctx, { id }),
};

export async function runAction(ctx: Context, name: ActionName, id: string): Promise<Answer> {
  if (name === 'kick') {
    const { wasOnline } = await kickUser(ctx, { id });
    if (!wasOnline) return { body: { status: 'info', message: OFFLINE[ctx.language] } };
  } else {
    await RUN[name](ctx, id);
  }
  return { body: { status: 'success', message: MESSAGES[name][ctx.language] } };
}

import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { UserRecord } from '../../store/records.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';
import { edit, existing } from './commit.ts';
import { requireManageMode } from './manage-mode.ts';

/** Who was kicked, and whether there was anybody to kick. */
export interface Kicked {
  readonly user: UserRecord;
  readonly wasOnline: boolean;
}

/** Takes the peer off and puts it back, so that the client must shake hands anew. */
export const kickUser = useCase(
  'operator',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<Kicked> => {
    requireManageMode(ctx, ['kickRequested']);
    const before = await existing(ctx, id);
    if (!before.online) return { user: before, wasOnline: false };
    refuseLostKey(ctx, before);
    await edit(ctx, id, 'kickUser', () => ({
      fields: { kickRequested: true, requestedBy: authorize(ctx, 'operator').name },
      eventTypes: [],
    }));
    await ctx.pollNow();
    return { user: (await ctx.store.users.find(id)) ?? before, wasOnline: true };
  },
);

/**
 * Takes the peer off, reads back that it is gone, and erases the person; traffic and charts stay.
 * `UNAVAILABLE`, and nothing has changed, when the peer cannot be taken off.
 */
export const deleteUser = useCase(
  'operator',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<{ readonly deletedId: number }> => {
    requireManageMode(ctx, ['cutReason']);
    const before = await existing(ctx, id);
    await edit(ctx, id, 'deleteUser', () => ({
      fields: { cutReason: 'DELETED', requestedBy: authorize(ctx, 'operator').name },
      eventTypes: [],
    }));
    await ctx.pollNow();
    if ((await ctx.store.users.find(id)) === null) return { deletedId: id };
    await edit(ctx, id, 'deleteUserFailed', () => ({
      fields: { cutReason: before.cutReason === 'DELETED' ? null : before.cutReason },
      eventTypes: [],
    }));
    throw new AppError('UNAVAILABLE', {
      en: "The peer could not be taken off the interface, so the user was not deleted; check the status and the user's enforcement.lastError, and try again.",
      zh: '无法将该对端从接口移除，因此未删除用户；请检查状态和该用户的 enforcement.lastError 后重试。',
    });
  },
);

/** A peer is not taken off that could not be put back. */
function refuseLostKey(ctx: Context, { presharedKey }: UserRecord): void {
  try {
    if (presharedKey !== null) ctx.secrets.open(presharedKey);
  } catch (cause) {
    throw new AppError(
      'UNAVAILABLE',
      {
        en: 'The preshared key cannot be opened with the key file, so the peer could not be put back; restore WGQL_SECRET_KEY_FILE or set the preshared key again.',
        zh: '无法用密钥文件打开预共享密钥，对端移除后将无法放回；请恢复 WGQL_SECRET_KEY_FILE 或重新设置预共享密钥。',
      },
      [],
      { cause },
    );
  }
}

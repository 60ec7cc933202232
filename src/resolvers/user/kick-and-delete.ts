import * as z from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { SealedUserRecord, UserRecord } from '../../store/records.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';
import { edit, existing } from './commit.ts';
import { requireManageMode } from './manage-mode.ts';

/** The user, and whether it was online and so was kicked. */
export interface Kicked {
  readonly user: UserRecord;
  readonly wasOnline: boolean;
}

/** Removes the peer and restores it, which forces the client to repeat the handshake. */
export const kickUser = useCase(
  'kickUser',
  'operator',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<Kicked> => {
    requireManageMode(ctx, ['kickRequested']);
    const before = await existing(ctx, id);
    if (!before.online) return { user: before, wasOnline: false };
    await edit(ctx, id, 'kickUser', (stored) => {
      refuseLostKey(ctx, stored);
      const requestedBy = authorize(ctx, 'operator').name;
      return { fields: { kickRequested: true, requestedBy }, eventTypes: [] };
    });
    await ctx.pollNow();
    return { user: (await ctx.store.users.find(id)) ?? before, wasOnline: true };
  },
);

/**
 * Removes the peer, verifies the removal, and erases the user's personal data; traffic and charts are kept.
 * Rejects with `UNAVAILABLE`, without any change, if the peer cannot be removed.
 */
export const deleteUser = useCase(
  'deleteUser',
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
      en: "The peer could not be removed from the interface, so the user was not deleted; check the status and the user's enforcement.lastError, then try again.",
      zh: '无法从接口移除该对等节点，因此未删除用户；请检查状态和该用户的 enforcement.lastError 后重试。',
    });
  },
);

/** Rejects a kick if the peer could not be restored after its removal. */
function refuseLostKey(ctx: Context, { presharedKey }: SealedUserRecord): void {
  try {
    if (presharedKey !== null) ctx.secrets.open(presharedKey);
  } catch (cause) {
    throw new AppError(
      'UNAVAILABLE',
      {
        en: 'The preshared key cannot be decrypted with the key file, so the peer could not be restored after its removal; restore the file WGQL_SECRET_KEY_FILE or set the preshared key again.',
        zh: '无法用密钥文件解密预共享密钥，移除对等节点后将无法恢复；请恢复 WGQL_SECRET_KEY_FILE 文件或重新设置预共享密钥。',
      },
      [],
      { cause },
    );
  }
}

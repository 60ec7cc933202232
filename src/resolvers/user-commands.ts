import { z } from 'zod';
import { AppError, invalidField, userNotFound } from '../errors.ts';
import type { UserRecord } from '../store/records.ts';
import type { UserFields } from '../store/user-commands.ts';
import { addressesFor, refuseHeldPrefixes } from './addresses.ts';
import { authorize } from './authorize.ts';
import { commit, edit } from './commit.ts';
import { configurationMarks, refuseConfiguration } from './configuration.ts';
import type { Context } from './context.ts';
import * as input from './input.ts';
import { refuseUnmanaged } from './manage.ts';
import { useCase } from './use-case.ts';
import { changedFields, userInput } from './user-input.ts';

/** Creates a user; the key of a peer that was only discovered takes that user over. */
export const createUser = useCase(
  'operator',
  userInput.extend({ publicKey: input.publicKey }),
  async (ctx, { publicKey, ...given }): Promise<UserRecord> => {
    const known = await ctx.store.overview.interfaces(ctx.config.interfaces);
    if (known.some((one) => one.publicKey === publicKey)) throw isServersOwnKey();
    return commit(ctx, 'createUser', (command) =>
      ctx.store.commands.create(
        publicKey,
        async (holder, others) => {
          if (holder?.registeredAt != null) throw keyIsTaken(holder);
          const fields = changedFields(ctx, given, holder);
          if (holder?.interface == null) fields.interface = homeOf(known, given.interface);
          refuseUnmanaged(ctx, holder === null ? ['publicKey'] : Object.keys(fields));
          const addresses = ctx.config.manage
            ? await addressesFor(ctx, fields, holder, others)
            : {};
          return {
            fields: {
              ...fields,
              ...addresses,
              ...configurationMarks(fields, given, holder),
              managed: true,
              registeredAt: command.at,
            },
            eventTypes: ['USER_CREATED', ...switchEvents(fields, holder)],
          };
        },
        command,
      ),
    );
  },
);

/** Changes the given fields; one whose value is the stored one counts as not given. */
export const updateUser = useCase(
  'operator',
  userInput.extend({
    id: input.id,
    managed: input.boolean.optional(),
    publicKey: z.string({ error: 'fixed' }).optional(),
  }),
  (ctx, { id, managed, publicKey, ...given }): Promise<UserRecord> =>
    edit(ctx, id, 'updateUser', async (before, holders) => {
      if (publicKey !== undefined && publicKey !== before.publicKey) {
        throw invalidField('publicKey', input.problemText('fixed'));
      }
      const fields: UserFields = changedFields(ctx, given, before);
      if (managed !== undefined && managed !== before.managed) fields.managed = managed;
      refuseUnmanaged(ctx, Object.keys(fields));
      if (!(managed ?? before.managed)) refuseConfiguration(fields);
      const isAdopted = fields.managed === true;
      const prefixes = fields.allowedIps ?? (isAdopted ? before.allowedIps : null);
      if (prefixes != null) refuseHeldPrefixes(prefixes, await holders());
      Object.assign(fields, configurationMarks(fields, given, before));
      const switched = switchEvents(fields, before);
      const others = Object.keys(fields).filter((name) => name !== 'enabled');
      return { fields, eventTypes: [...(others.length > 0 ? ['USER_UPDATED'] : []), ...switched] };
    }),
);

/** Turns the administrator's switch; turning it on also brings back a peer that went missing. */
export const setUserEnabled = useCase(
  'operator',
  z.object({ id: input.id, enabled: input.boolean }),
  (ctx, { id, enabled }): Promise<UserRecord> =>
    edit(ctx, id, 'setUserEnabled', (before) => {
      const fields: UserFields = before.enabled === enabled ? {} : { enabled };
      if (enabled && before.missing) fields.missing = false;
      return { fields, eventTypes: switchEvents({ enabled }, before) };
    }),
);

/** Sets the user's totals and its quota's use to zero; sessions and charts stay. */
export const resetTraffic = useCase(
  'operator',
  z.object({ id: input.id }),
  (ctx, { id }): Promise<UserRecord> =>
    edit(ctx, id, 'resetTraffic', ({ rx, tx }) => ({
      fields: {
        offsetRx: rx,
        offsetTx: tx,
        quotaMarkRx: rx,
        quotaMarkTx: tx,
        quotaMarkAt: new Date(ctx.clock.wallMs()),
      },
      eventTypes: ['TRAFFIC_RESET'],
    })),
);

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
    refuseUnmanaged(ctx, ['kickRequested']);
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
    refuseUnmanaged(ctx, ['cutReason']);
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
      en: 'The peer could not be taken off the interface, so the user was not deleted; check the status and try again.',
      zh: '无法将该对端从接口移除，因此未删除用户；请检查状态后重试。',
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

async function existing(ctx: Context, id: number): Promise<UserRecord> {
  const user = await ctx.store.users.find(id);
  if (user === null) throw userNotFound();
  return user;
}

function switchEvents(fields: UserFields, before: UserRecord | null): string[] {
  if (fields.enabled === undefined || fields.enabled === (before?.enabled ?? true)) return [];
  return [fields.enabled ? 'USER_ENABLED' : 'USER_DISABLED'];
}

/** Where a new user lives: the interface named, else the only one there is, else none yet. */
function homeOf(
  known: readonly { readonly name: string; readonly up: boolean }[],
  named: string | null | undefined,
): string | null {
  if (named != null) return named;
  const up = known.filter((one) => one.up);
  const candidates = up.length > 0 ? up : known;
  if (candidates.length < 2) return candidates[0]?.name ?? null;
  const names = candidates.map(({ name }) => name).join(', ');
  throw invalidField('interface', {
    en: `must be given, since there are several: ${names}`,
    zh: `必须提供，因为有多个接口：${names}`,
  });
}

function isServersOwnKey(): AppError {
  return invalidField('publicKey', {
    en: 'is the key of the server itself; give the key of the client',
    zh: '是服务器自己的公钥；请提供客户端的公钥',
  });
}

function keyIsTaken(holder: UserRecord): AppError {
  return new AppError('CONFLICT', {
    en: `This public key already belongs to the user ${holder.id}${name(holder)}; update that user instead.`,
    zh: `该公钥已属于用户 ${holder.id}${name(holder)}；请改为更新该用户。`,
  });
}

function name({ nickname }: UserRecord): string {
  return nickname === '' ? '' : ` (${nickname})`;
}

import { z } from 'zod';
import { AppError, invalidField, type Text, userNotFound } from '../errors.ts';
import type { UserRecord } from '../store/records.ts';
import type { UserFields } from '../store/user-commands.ts';
import { commit, edit } from './commit.ts';
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
    return commit(ctx, 'createUser', (command) =>
      ctx.store.commands.create(
        publicKey,
        (holder) => {
          if (holder?.registeredAt != null) throw keyIsTaken(holder);
          const fields = {
            ...changedFields(ctx, given, holder),
            ...(holder?.interface == null && { interface: homeOf(known, given.interface) }),
          };
          if (holder === null) refuseUnmanaged(ctx, ['publicKey']);
          else refuseUnmanaged(ctx, Object.keys(fields));
          return {
            fields: { ...fields, managed: true, registeredAt: command.at },
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
    edit(ctx, id, 'updateUser', (before) => {
      if (publicKey !== undefined && publicKey !== before.publicKey) {
        throw invalidField('publicKey', input.problemText('fixed'));
      }
      const fields: UserFields = changedFields(ctx, given, before);
      if (managed !== undefined && managed !== before.managed) fields.managed = managed;
      const switched = switchEvents(fields, before);
      const others = Object.keys(fields).filter((name) => name !== 'enabled');
      return { fields, eventTypes: [...(others.length > 0 ? ['USER_UPDATED'] : []), ...switched] };
    }),
);

/** Turns the administrator's switch. */
export const setUserEnabled = useCase(
  'operator',
  z.object({ id: input.id, enabled: input.boolean }),
  (ctx, { id, enabled }): Promise<UserRecord> =>
    edit(ctx, id, 'setUserEnabled', (before) => {
      const fields: UserFields = before.enabled === enabled ? {} : { enabled };
      return { fields, eventTypes: switchEvents(fields, before) };
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

/** Makes the client shake hands anew. Not to be had yet. */
export const kickUser = useCase('operator', z.object({ id: input.id }), async (ctx, { id }) => {
  await existing(ctx, id);
  throw notYet();
});

/** Takes the peer off and erases the person. Not to be had yet. */
export const deleteUser = useCase('operator', z.object({ id: input.id }), async (ctx, { id }) => {
  await existing(ctx, id);
  throw notYet();
});

async function existing(ctx: Context, id: number): Promise<UserRecord> {
  const user = await ctx.loaders.user.load(id);
  if (user === null) throw userNotFound();
  return user;
}

function switchEvents(fields: UserFields, before: UserRecord | null): string[] {
  if (fields.enabled === undefined) return [];
  if (before === null && fields.enabled) return [];
  return [fields.enabled ? 'USER_ENABLED' : 'USER_DISABLED'];
}

/** Where a new user lives: the interface named, else the only one there is, else none yet. */
function homeOf(
  known: readonly { readonly name: string }[],
  named: string | null | undefined,
): string | null {
  if (named != null) return named;
  if (known.length < 2) return known[0]?.name ?? null;
  const names = known.map(({ name }) => name).join(', ');
  throw invalidField('interface', {
    en: `must be given, since there are several: ${names}`,
    zh: `必须提供，因为有多个接口：${names}`,
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

function notYet(): AppError {
  const text: Text = {
    en: 'This version cannot take a peer off the interface yet; nothing has changed.',
    zh: '此版本尚不能将对端从接口移除；未做任何修改。',
  };
  return new AppError('UNAVAILABLE', text);
}

import type { AuditAction } from '../../domain/audit-action.ts';
import { AppError, invalidField } from '../../domain/errors.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';
import { chooseAddresses } from './choose-addresses.ts';
import { chooseInterface, followPeer } from './choose-interface.ts';
import { commit } from './commit.ts';
import { changedFields, type UserInput } from './input.ts';
import { requireManageMode } from './manage-mode.ts';
import { configurationMarks } from './peer-configuration.ts';
import { switchEvents } from './switch-events.ts';

/**
 * Creates a user, or takes over the discovered user with this key. `check` receives the fields about to be
 * stored; if it throws, nothing is stored.
 */
export async function newUser(
  ctx: Context,
  action: AuditAction,
  { publicKey, ...given }: UserInput & { readonly publicKey: string },
  check: (fields: UserFields) => void = () => {},
): Promise<UserRecord> {
  const known = await ctx.store.overview.interfaces(ctx.config.interfaces);
  if (known.some((one) => one.publicKey === publicKey)) throw isServersOwnKey();
  const places = await ctx.store.peers.interfacesOf(publicKey);
  return commit(ctx, action, (command) =>
    ctx.store.commands.create(
      publicKey,
      async (holder, others) => {
        if (holder?.registeredAt != null) throw keyIsTaken(holder);
        const fields = changedFields(ctx, given, holder);
        if (holder?.interface == null)
          fields.interface = chooseInterface(ctx, known, given.interface);
        requireManageMode(ctx, holder === null ? ['publicKey'] : Object.keys(fields));
        if (holder !== null) followPeer(fields, holder, places);
        const addresses = ctx.config.manage
          ? await chooseAddresses(ctx, fields, holder, others)
          : {};
        const kept = { ...fields, ...addresses };
        check(kept);
        return {
          fields: {
            ...kept,
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
}

/** The error for the key of the server in the place of a client's. */
export function isServersOwnKey(): AppError {
  return invalidField('publicKey', {
    en: 'is the public key of the server itself; use the public key of the client',
    zh: '是服务器自己的公钥；请使用客户端的公钥',
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

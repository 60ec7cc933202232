import * as z from 'zod';
import { AppError, invalidField } from '../../domain/errors.ts';
import type { SealedUserRecord, UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';
import { refuseHeldPrefixes } from './choose-addresses.ts';
import { chooseInterface, followPeer } from './choose-interface.ts';
import { edit, existing } from './commit.ts';
import { newUser } from './create.ts';
import { changedFields, userInput } from './input.ts';
import { requireManageMode } from './manage-mode.ts';
import { configurationMarks, refuseConfiguration } from './peer-configuration.ts';
import { switchEvents } from './switch-events.ts';

/** Creates a user. If the key belongs to a discovered peer, that user is taken over. */
export const createUser = useCase(
  'createUser',
  'operator',
  userInput.extend({ publicKey: input.publicKey }),
  (ctx, given): Promise<UserRecord> => newUser(ctx, 'createUser', given),
);

const changes = userInput.extend({ managed: input.boolean.optional() });

/**
 * Changes the given fields; a field with the stored value counts as absent. A missing peer is restored
 * when its user is enabled or taken over again.
 */
export const updateUser = useCase(
  'updateUser',
  'operator',
  changes.extend({ id: input.id, publicKey: z.string({ error: 'fixed' }).optional() }),
  (ctx, { id, ...given }): Promise<UserRecord> => changeUser(ctx, id, given),
);

/** The result for one of many users: the user after the change, or why it was not changed. */
export interface UserResult {
  readonly id: number;
  readonly user: UserRecord | null;
  readonly refusal: AppError | null;
}

/**
 * Applies the same change to many users independently: a rejected change does not affect the others.
 * `enabled: true` also restores missing peers of users that are already enabled, which is safe here because
 * clients of this mutation do not send back all fields of a user.
 */
export const updateUsers = useCase(
  'updateUsers',
  'operator',
  z.object({ ids: input.ids, input: changes }),
  async (ctx, { ids, input: given }): Promise<UserResult[]> => {
    const results: UserResult[] = [];
    for (const id of new Set(ids)) {
      try {
        const user = await changeUser(ctx, id, given, given.enabled === true);
        results.push({ id, user, refusal: null });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        results.push({ id, user: null, refusal: error });
      }
    }
    return results;
  },
);

type Change = z.output<typeof changes>;

/** `restoresMissing`: a missing peer is restored even if nothing else changes. */
async function changeUser(
  ctx: Context,
  id: number,
  { publicKey, ...given }: Change & { readonly publicKey?: string },
  restoresMissing = false,
): Promise<UserRecord> {
  const known = await ctx.store.overview.interfaces(ctx.config.interfaces);
  const target = await existing(ctx, id);
  const places = await ctx.store.peers.interfacesOf(target.publicKey);
  return edit(ctx, id, 'updateUser', async (before, holders) => {
    if (publicKey !== undefined && publicKey !== before.publicKey) {
      throw invalidField('publicKey', input.problemText('fixed'));
    }
    const fields = fieldsToChange(ctx, given, before, known);
    requireManageMode(ctx, Object.keys(fields));
    if (!(given.managed ?? before.managed)) refuseConfiguration(fields);
    const prefixes = prefixesToTake(fields, before, places);
    if (prefixes != null) refuseHeldPrefixes(prefixes, await holders());
    Object.assign(fields, configurationMarks(fields, given, before));
    const isRestored = restoresMissing || fields.enabled || fields.managed !== undefined;
    return {
      fields: { ...fields, ...(before.missing && isRestored && { missing: false }) },
      eventTypes: [...updateEvents(fields), ...switchEvents(fields, before)],
    };
  });
}

/** Returns the given fields that differ from the stored ones. */
function fieldsToChange(
  ctx: Context,
  { managed, ...given }: Change,
  before: SealedUserRecord,
  known: Parameters<typeof chooseInterface>[1],
): UserFields {
  const fields: UserFields = changedFields(ctx, given, before);
  if (managed !== undefined && managed !== before.managed) fields.managed = managed;
  if (fields.interface === null) {
    fields.interface = chooseInterface(ctx, known, null);
    if (fields.interface === before.interface) delete fields.interface;
  }
  return fields;
}

/** Returns the allowed IPs that the change assigns; taking a user over also assigns its stored ones. */
function prefixesToTake(
  fields: UserFields,
  before: UserRecord,
  places: Parameters<typeof followPeer>[2],
): string | null | undefined {
  if (fields.managed !== true) return fields.allowedIps;
  followPeer(fields, before, places);
  return fields.allowedIps ?? before.allowedIps;
}

function updateEvents(fields: UserFields): 'USER_UPDATED'[] {
  const isOther = Object.keys(fields).some((name) => name !== 'enabled');
  return isOther ? ['USER_UPDATED'] : [];
}

/** Enables or disables a user; enabling also restores a missing peer. */
export const setUserEnabled = useCase(
  'setUserEnabled',
  'operator',
  z.object({ id: input.id, enabled: input.boolean }),
  (ctx, { id, enabled }): Promise<UserRecord> =>
    edit(ctx, id, 'setUserEnabled', (before) => {
      const fields: UserFields = before.enabled === enabled ? {} : { enabled };
      if (enabled && before.missing) {
        requireManageMode(ctx, ['enabled']);
        fields.missing = false;
      }
      return { fields, eventTypes: [enabled ? 'USER_ENABLED' : 'USER_DISABLED'] };
    }),
);

/** Sets the user's totals and quota use to zero; sessions and charts are kept. */
export const resetTraffic = useCase(
  'resetTraffic',
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

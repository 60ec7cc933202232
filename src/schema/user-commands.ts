import type { InputFieldBuilder } from '@pothos/core';
import { type AppError, describeError } from '../domain/errors.ts';
import type { InputName } from '../domain/user-fields.ts';
import type { UserRecord } from '../resolvers/records.ts';
import { deleteUser, kickUser } from '../resolvers/user/kick-and-delete.ts';
import * as resolve from '../resolvers/user/mutations.ts';
import { builder } from './builder.ts';
import { ErrorCode } from './error-code.ts';
import { inTurns } from './in-turns.ts';
import { QuotaPeriod } from './quota.ts';
import { User } from './user.ts';

const userPayload = (name: string, what: string) =>
  builder.objectRef<UserRecord>(name).implement({
    description: `The result of ${what}.`,
    fields: (t) => ({
      user: t.field({
        type: User,
        description: 'The user after the change.',
        resolve: (user) => user,
      }),
    }),
  });

export type Fields = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** The fields that clients may set, other than secrets. One that is missing here does not compile. */
type InputFields = Record<Exclude<InputName, 'presharedKey'>, unknown>;

export const ordinaryFields = (t: Fields) =>
  ({
    nickname: t.string({ description: 'A display name, at most 256 characters.' }),
    mail: t.string({ description: 'Mail address, or empty.' }),
    phone: t.string({ description: 'Phone number, at most 256 characters.' }),
    note: t.string({ description: 'A note for operators, at most 256 characters.' }),
    owner: t.string({
      description:
        'The name of the person or group the user belongs to, at most 100 characters. A token with the role self and this owner reads the user. Empty or null: none.',
    }),
    tags: t.stringList({
      description:
        'At most 20 tags of 1 to 50 characters. Tags that differ only in case are one tag. Replaces all tags; null or empty: none.',
    }),
    interface: t.string({
      description: 'The WireGuard interface of the user. Absent: the only monitored interface.',
    }),
    allowedIps: t.stringList({
      description: 'Prefixes the peer may use inside the tunnel (AllowedIPs), such as 10.0.0.2/32.',
    }),
    persistentKeepalive: t.int({
      description: 'Seconds between keepalive packets sent by the server; 0 means off.',
    }),
    enabled: t.boolean({
      description: 'Whether the user may connect; expiry and quota can still prevent it.',
    }),
    bandwidthLimit: t.int({
      description: 'KB/s in each direction (1 KB = 1024 bytes); 0 means no limit.',
    }),
    dataLimit: t.int({
      description: 'MB, both directions together (1 MB = 1048576 bytes); 0 means no limit.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the user loses access. Null: never. A past time takes effect immediately.',
    }),
    quotaPeriod: t.field({ type: QuotaPeriod, description: 'How often the quota resets.' }),
  }) satisfies InputFields;

const userFields = (t: Fields) => ({
  ...ordinaryFields(t),
  presharedKey: t.string({
    description: 'Base64 of 32 bytes, 44 characters. Stored encrypted and never returned.',
  }),
});

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'A new user. Absent and null fields take their defaults.',
  fields: (t) => ({
    publicKey: t.string({
      required: true,
      description: "The peer's WireGuard public key: base64 of 32 bytes, 44 characters.",
    }),
    ...userFields(t),
  }),
});

const UpdateUserInput = builder.inputType('UpdateUserInput', {
  description: 'Changes to a user. Absent fields stay unchanged; null fields are cleared.',
  fields: (t) => ({
    ...userFields(t),
    managed: t.boolean({
      description:
        'true: wgql controls from now on whether the peer is on its interface; false: wgql stops controlling it.',
    }),
  }),
});

export const UserError = builder.objectRef<{ readonly refusal: AppError }>('UserError').implement({
  description: 'Why a user was not changed.',
  fields: (t) => ({
    code: t.field({
      type: ErrorCode,
      description: 'What kind of failure it is.',
      resolve: ({ refusal }) => refusal.code,
    }),
    message: t.string({
      description: 'What is wrong and what to do, in one sentence.',
      resolve: ({ refusal }, _, ctx) => describeError(refusal, ctx.language),
    }),
  }),
});

const UserResult = builder.objectRef<resolve.UserResult>('UserResult').implement({
  description: 'The result of updateUsers for one user.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id from the request.' }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user after the change; null if it was not changed.',
      resolve: ({ user }) => user,
    }),
    error: t.field({
      type: UserError,
      nullable: true,
      description: 'Why the user was not changed; null if it was changed.',
      // GraphQL treats a value that is an Error as a failure of the field.
      resolve: ({ refusal }) => (refusal === null ? null : { refusal }),
    }),
  }),
});

const id = builder.args((t) => ({
  id: t.id({ required: true, description: 'The id of the user.' }),
}));

builder.mutationFields((t) => ({
  createUser: t.field({
    type: userPayload('CreateUserPayload', 'createUser'),
    args: {
      input: t.arg({ type: CreateUserInput, required: true, description: 'The new user.' }),
    },
    description:
      'Creates a user. If the public key belongs to a discovered peer, that user becomes managed and keeps its id and totals. CONFLICT if a user with this key was already created this way.',
    resolve: (_, { input }, ctx) =>
      resolve.createUser(ctx, { ...input, enabled: input.enabled ?? undefined }),
  }),
  updateUser: t.field({
    type: userPayload('UpdateUserPayload', 'updateUser'),
    args: {
      ...id,
      input: t.arg({ type: UpdateUserInput, required: true, description: 'What to change.' }),
    },
    description:
      'Changes a user. A field with the stored value counts as absent. NOT_FOUND if there is no such user.',
    resolve: (_, { id: userId, input }, ctx) =>
      resolve.updateUser(ctx, {
        ...input,
        id: userId,
        enabled: input.enabled as boolean | undefined,
        managed: input.managed as boolean | undefined,
      }),
  }),
  updateUsers: t.field({
    type: builder.objectRef<{ results: resolve.UserResult[] }>('UpdateUsersPayload').implement({
      description: 'The result of updateUsers.',
      fields: (f) => ({
        results: f.field({
          type: [UserResult],
          description:
            'One result for each id, in the order of the request; an id that is repeated has one result.',
          resolve: ({ results }, _, ctx) => inTurns(ctx, results),
        }),
      }),
    }),
    args: {
      ids: t.arg.idList({ required: true, description: 'The ids of the users, at most 1000.' }),
      input: t.arg({ type: UpdateUserInput, required: true, description: 'What to change.' }),
    },
    description:
      'Applies the same change to many users independently: a rejected change does not affect the other users. `enabled: true` also restores peers that are MISSING.',
    resolve: async (_, { ids, input }, ctx) => ({
      results: await resolve.updateUsers(ctx, {
        ids,
        input: {
          ...input,
          enabled: input.enabled as boolean | undefined,
          managed: input.managed as boolean | undefined,
        },
      }),
    }),
  }),
  setUserEnabled: t.field({
    type: userPayload('SetUserEnabledPayload', 'setUserEnabled'),
    args: {
      ...id,
      enabled: t.arg.boolean({ required: true, description: 'The new value.' }),
    },
    description: 'Enables or disables a user. NOT_FOUND if there is no such user.',
    resolve: (_, args, ctx) => resolve.setUserEnabled(ctx, args),
  }),
  kickUser: t.field({
    type: userPayload('KickUserPayload', 'kickUser'),
    args: id,
    description:
      'Removes the peer and restores it, which forces the client to repeat the handshake. Does nothing if the user is offline. NOT_FOUND if there is no such user, UNAVAILABLE with WGQL_MANAGE=off.',
    resolve: async (_, args, ctx) => (await kickUser(ctx, args)).user,
  }),
  resetTraffic: t.field({
    type: userPayload('ResetTrafficPayload', 'resetTraffic'),
    args: id,
    description:
      "Sets the user's totals and quota use to zero; sessions, daily traffic and charts are kept. NOT_FOUND if there is no such user.",
    resolve: (_, args, ctx) => resolve.resetTraffic(ctx, args),
  }),
  deleteUser: t.field({
    type: builder.objectRef<{ deletedId: number }>('DeleteUserPayload').implement({
      description: 'The result of deleteUser.',
      fields: (f) => ({
        deletedId: f.exposeID('deletedId', { description: 'The id of the deleted user.' }),
      }),
    }),
    args: id,
    description:
      "Removes the peer and erases the user's personal data; traffic and charts are kept. UNAVAILABLE, without any change, if the peer cannot be removed.",
    resolve: (_, args, ctx) => deleteUser(ctx, args),
  }),
}));

import type { InputFieldBuilder } from '@pothos/core';
import { type AppError, describeError } from '../domain/errors.ts';
import type { UserRecord } from '../resolvers/records.ts';
import { deleteUser, kickUser } from '../resolvers/user/kick-and-delete.ts';
import * as resolve from '../resolvers/user/mutations.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';
import { QuotaPeriod } from './quota.ts';
import { User } from './user.ts';

const userPayload = (name: string, what: string) =>
  builder.objectRef<UserRecord>(name).implement({
    description: `The answer to ${what}.`,
    fields: (t) => ({
      user: t.field({
        type: User,
        description: 'The user as it is now.',
        resolve: (user) => user,
      }),
    }),
  });

export type Fields = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

export const ordinaryFields = (t: Fields) => ({
  nickname: t.string({ description: 'A name for people, at most 256 characters.' }),
  mail: t.string({ description: 'Mail address, or empty.' }),
  phone: t.string({ description: 'Phone number, at most 256 characters.' }),
  note: t.string({ description: "The operators' own note, at most 256 characters." }),
  interface: t.string({
    description: 'The WireGuard interface the user belongs to. Absent: the only one watched.',
  }),
  allowedIps: t.stringList({
    description: 'Prefixes the peer may use inside the tunnel, such as 10.0.0.2/32.',
  }),
  persistentKeepalive: t.int({
    description: 'Seconds between keepalive packets that the server sends; 0 is off.',
  }),
  enabled: t.boolean({ description: "The administrator's switch." }),
  bandwidthLimit: t.int({
    description: 'KB/s in each direction (1 KB = 1024 bytes); 0 is no limit.',
  }),
  dataLimit: t.int({
    description: 'MB, both directions together (1 MB = 1048576 bytes); 0 is no limit.',
  }),
  expiresAt: t.field({
    type: 'DateTime',
    description: 'From when on the user is cut off; null is never, a past time acts at once.',
  }),
  quotaPeriod: t.field({ type: QuotaPeriod, description: 'How often the quota starts anew.' }),
});

const userFields = (t: Fields) => ({
  ...ordinaryFields(t),
  presharedKey: t.string({
    description: 'Base64 of 32 bytes, 44 characters. Kept encrypted, never answered.',
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
  description: 'Changes to a user: absent means unchanged, null means cleared.',
  fields: (t) => ({
    ...userFields(t),
    managed: t.boolean({
      description: "true: the program owns the peer's presence from now on; false releases it.",
    }),
  }),
});

const UserError = builder.objectRef<{ readonly refusal: AppError }>('UserError').implement({
  description: 'Why a user was not changed.',
  fields: (t) => ({
    code: t.string({
      description: 'As `extensions.code` of an error, such as NOT_FOUND or CONFLICT.',
      resolve: ({ refusal }) => refusal.code,
    }),
    message: t.string({
      description: 'What is wrong and what to do, in one sentence.',
      resolve: ({ refusal }, _, ctx) => describeError(refusal, ctx.language),
    }),
  }),
});

const UserResult = builder.objectRef<resolve.UserResult>('UserResult').implement({
  description: 'What became of one of many users.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id that was given.' }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user as it is now; null when it was not changed.',
      resolve: ({ user }) => user,
    }),
    error: t.field({
      type: UserError,
      nullable: true,
      description: 'Why it was not changed; null when it was.',
      // An error itself as a value would fail the field.
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
      'Creates a user. The key of a peer that was only discovered takes that user over: same id, totals kept. CONFLICT when the key was created or taken over before.',
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
      'Changes a user. A field whose value is the stored one counts as absent. NOT_FOUND when there is no such user.',
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
      description: 'The answer to updateUsers.',
      fields: (f) => ({
        results: f.field({
          type: [UserResult],
          description: 'One result for each id, in their order.',
          resolve: ({ results }, _, ctx) => inTurns(ctx, results),
        }),
      }),
    }),
    args: {
      ids: t.arg.idList({ required: true, description: 'The ids of the users, at most 1000.' }),
      input: t.arg({ type: UpdateUserInput, required: true, description: 'What to change.' }),
    },
    description:
      'Makes the same change to many users, each by itself: one that is refused stops no other. `enabled: true` also puts back peers that are MISSING.',
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
      enabled: t.arg.boolean({ required: true, description: 'Where the switch shall stand.' }),
    },
    description: "Turns the administrator's switch. NOT_FOUND when there is no such user.",
    resolve: (_, args, ctx) => resolve.setUserEnabled(ctx, args),
  }),
  kickUser: t.field({
    type: userPayload('KickUserPayload', 'kickUser'),
    args: id,
    description:
      'Takes the peer off and puts it back, so that the client must shake hands anew; nothing is done to a user who is offline. NOT_FOUND when there is no such user, UNAVAILABLE with WGQL_MANAGE=off.',
    resolve: async (_, args, ctx) => (await kickUser(ctx, args)).user,
  }),
  resetTraffic: t.field({
    type: userPayload('ResetTrafficPayload', 'resetTraffic'),
    args: id,
    description:
      "Sets the user's totals and its quota's use to zero; sessions, days and charts stay. NOT_FOUND when there is no such user.",
    resolve: (_, args, ctx) => resolve.resetTraffic(ctx, args),
  }),
  deleteUser: t.field({
    type: builder.objectRef<{ deletedId: number }>('DeleteUserPayload').implement({
      description: 'The answer to deleteUser.',
      fields: (f) => ({
        deletedId: f.exposeID('deletedId', { description: 'The id of the user that is gone.' }),
      }),
    }),
    args: id,
    description:
      'Takes the peer off and erases the person; traffic and charts stay. UNAVAILABLE, and nothing has changed, when the peer cannot be taken off.',
    resolve: (_, args, ctx) => deleteUser(ctx, args),
  }),
}));

import type { ImportAction as Action } from '../resolvers/import/decide.ts';
import * as resolve from '../resolvers/import/import-users.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';
import { User } from './user.ts';
import { UserError } from './user-commands.ts';

const ImportUserInput = builder.inputType('ImportUserInput', {
  description:
    'A user as another tool declared it. Empty, absent and null fields leave what is stored.',
  fields: (t) => ({
    publicKey: t.string({
      required: true,
      description: "The peer's WireGuard public key: base64 of 32 bytes, 44 characters.",
    }),
    nickname: t.string({ description: 'A display name, at most 256 characters.' }),
    mail: t.string({ description: 'Mail address.' }),
    note: t.string({ description: 'A note for operators, at most 256 characters.' }),
    interface: t.string({
      description: 'The interface of a user that is created. Absent: the only monitored interface.',
    }),
    allowedIps: t.stringList({
      description:
        'Prefixes the peer may use inside the tunnel. Used only when the peer is taken over.',
    }),
    presharedKey: t.string({
      description: 'Base64 of 32 bytes. Used only when the peer is taken over; never returned.',
    }),
    persistentKeepalive: t.int({
      description: 'Seconds; 0 means off. Used only when the peer is taken over.',
    }),
    enabled: t.boolean({
      description: 'false: the user is disabled, unless it was created or taken over before.',
    }),
    dataLimit: t.int({ description: 'MB, both directions together; 0 means no limit.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When the user loses access.' }),
    totalRx: t.field({
      type: 'BigInt',
      description: 'Bytes received from the peer so far; a smaller total is raised to it.',
    }),
    totalTx: t.field({
      type: 'BigInt',
      description: 'Bytes sent to the peer so far; a smaller total is raised to it.',
    }),
  }),
});

const ImportAction = builder.enumType('ImportAction', {
  description: 'What an import does to a user.',
  values: {
    CREATE: { description: 'The user is created and managed; there was none with this key.' },
    UPDATE: { description: 'Fields of the user get a value.' },
    NONE: { description: 'The user has all values already.' },
    LEAVE_OUT: { description: 'No peer has this key, and none is created without takeOver.' },
  } satisfies Record<Action, { description: string }>,
});

const ImportResult = builder.objectRef<resolve.ImportResult>('ImportResult').implement({
  description: 'What an import does to one user.',
  fields: (t) => ({
    publicKey: t.exposeString('publicKey', { description: 'The public key from the request.' }),
    action: t.field({
      type: ImportAction,
      description: 'What is done, or would be.',
      resolve: ({ action }) => action,
    }),
    fields: t.exposeStringList('fields', {
      description:
        'The fields that get another value: names of UpdateUserInput, totalRx and totalTx.',
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user after the import; null if it was not written.',
      resolve: ({ user }) => user,
    }),
    error: t.field({
      type: UserError,
      nullable: true,
      description: 'Why the user cannot be imported; null if it can.',
      resolve: ({ refusal }) => (refusal === null ? null : { refusal }),
    }),
  }),
});

builder.mutationFields((t) => ({
  importUsers: t.field({
    type: builder.objectRef<resolve.ImportOutcome>('ImportUsersPayload').implement({
      description: 'The plan of an import, or its result.',
      fields: (f) => ({
        applied: f.exposeBoolean('applied', {
          description: 'Whether anything was written: all, or nothing if one user has an error.',
        }),
        results: f.field({
          type: [ImportResult],
          description: 'One result for each user, in the order of the request.',
          resolve: ({ results }, _, ctx) => inTurns(ctx, results),
        }),
      }),
    }),
    args: {
      users: t.arg({
        type: [ImportUserInput],
        required: true,
        description: 'The users, at most 1000, each key once.',
      }),
      takeOver: t.arg.boolean({
        defaultValue: false,
        description: 'true: the peers become managed, and users without a peer are created.',
      }),
      apply: t.arg.boolean({
        defaultValue: false,
        description: 'true: the users are written; false or null: only planned.',
      }),
    },
    description:
      'Takes users over from another tool. Only fields without a value are filled, so what operators set stays, and a second import changes nothing. With apply, all users are written in one transaction, or none.',
    resolve: (_, { users, takeOver, apply }, ctx) =>
      resolve.importUsers(ctx, {
        users: users.map((user) => ({ ...user, enabled: user.enabled ?? undefined })),
        takeOver: takeOver ?? false,
        apply: apply ?? false,
      }),
  }),
}));

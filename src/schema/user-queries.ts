import * as groups from '../resolvers/user/groups.ts';
import * as resolve from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';
import { defineConnection, pageArgs } from './connection.ts';
import { EnforcementState } from './enforcement.ts';
import { Usage, User, UserConnection } from './user.ts';

const UserFilter = builder.inputType('UserFilter', {
  description: 'Selects users. Absent and null fields do not filter.',
  fields: (t) => ({
    search: t.string({
      description:
        'Part of the nickname, mail address or public key. Case, Unicode composition and character width are ignored; % and _ are ordinary characters. The mail address is not searched if you may not see it.',
    }),
    online: t.boolean({
      description: 'true: only users who are online; false: only users who are offline.',
    }),
    enabled: t.boolean({ description: 'true: only enabled users; false: only disabled users.' }),
    managed: t.boolean({ description: 'true: only managed users; false: only unmanaged users.' }),
    interface: t.string({ description: 'Only users of this interface.' }),
    enforcement: t.field({
      type: EnforcementState,
      description: 'Only users whose `enforcement.applied` has this value.',
    }),
    owner: t.string({
      description:
        'Only users with exactly this owner. FORBIDDEN for the role viewer, which may not see owners.',
    }),
    tag: t.string({
      description:
        'Only users with this tag; case is ignored. FORBIDDEN for the role viewer, which may not see tags.',
    }),
    overQuota: t.boolean({
      description:
        'true: only users who have used all of their quota; false: only users who have not, or who have none.',
    }),
    expiresAfter: t.field({
      type: 'DateTime',
      description: 'Only users who lose access at or after this time.',
    }),
    expiresBefore: t.field({
      type: 'DateTime',
      description: 'Only users who lose access before this time, including those who already have.',
    }),
    neverConnected: t.boolean({
      description:
        'true: only users who have never been seen, whose `lastSeenAt` is null; false: only the others.',
    }),
  }),
});

const UserOrder = builder.inputType('UserOrder', {
  description: 'The sort order of users.',
  fields: (t) => ({
    field: t.field({
      required: true,
      description: 'The field to sort by; users with equal values are sorted by id.',
      type: builder.enumType('UserOrderField', {
        description: 'A field that users can be sorted by.',
        values: {
          ID: { description: 'The id.' },
          NICKNAME: { description: 'The nickname, by code points.' },
          LAST_SEEN: {
            description: 'The last activity; users never seen come first in ascending order.',
          },
          CREATED_AT: { description: 'The time of creation.' },
          TOTAL_RX: { description: 'Bytes received since the last reset.' },
          TOTAL_TX: { description: 'Bytes sent since the last reset.' },
          ONLINE: { description: 'Offline users come first in ascending order.' },
          RATE: { description: 'The transfer rate now, both directions together.' },
          TODAY: { description: 'Bytes since midnight, both directions together.' },
          QUOTA_USED: {
            description:
              'The share of the quota that is used; users without a quota come first in ascending order.',
          },
          EXPIRES_AT: {
            description:
              'When the user loses access; users who never do come last in ascending order.',
          },
        } as const,
      }),
    }),
    descending: t.boolean({
      defaultValue: false,
      description: 'true: descending order; false or null: ascending order.',
    }),
  }),
});

const UserGroup = builder.objectRef<groups.UserGroup>('UserGroup').implement({
  description: 'The users with the same owner or the same tag, as one line.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The owner, or the tag.' }),
    totalUsers: t.int({
      description: 'The number of users.',
      resolve: ({ users }) => users.length,
    }),
    onlineUsers: t.int({
      description: 'The number of those users who are online now.',
      resolve: ({ users }) => users.filter(({ online }) => online).length,
    }),
    usage: t.field({
      type: Usage,
      description: 'The traffic of those users together.',
      resolve: ({ users }) => users,
    }),
  }),
});

const UserGroupConnection = defineConnection<groups.UserGroup>('UserGroup', UserGroup);

const groupArgs = builder.args((t) => ({
  ...pageArgs,
  filter: t.field({ type: UserFilter, description: 'Which users to count. Null: all.' }),
}));

const UserBy = builder.inputType('UserBy', {
  description: 'What identifies a user.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The id of the user.' }),
    publicKey: t.string({ description: 'The public key of the user.' }),
  }),
});

builder.queryFields((t) => ({
  owners: t.field({
    type: UserGroupConnection,
    args: groupArgs,
    description:
      'The owners of users with the sums of their users, sorted by name. Users without an owner are not counted. Requires the role operator.',
    resolve: (_, args, ctx) => groups.owners(ctx, args),
  }),
  tags: t.field({
    type: UserGroupConnection,
    args: groupArgs,
    description:
      'The tags of users with the sums of their users, sorted by name. A user with several tags is counted in each of them. Requires the role operator.',
    resolve: (_, args, ctx) => groups.tags(ctx, args),
  }),
  users: t.field({
    type: UserConnection,
    args: {
      ...pageArgs,
      filter: t.arg({ type: UserFilter, description: 'Which users to return. Null: all.' }),
      orderBy: t.arg({ type: UserOrder, description: 'The sort order. Null: by id.' }),
    },
    description: 'The users that match the filter.',
    resolve: (_, args, ctx) => resolve.users(ctx, args),
  }),
  user: t.field({
    type: User,
    nullable: true,
    args: {
      by: t.arg({ type: UserBy, description: 'What identifies the user.' }),
      id: t.arg.id({ description: 'The id of the user.', deprecationReason: 'Use `by`.' }),
      publicKey: t.arg.string({
        description: 'The public key of the user.',
        deprecationReason: 'Use `by`.',
      }),
    },
    description:
      'The user with this id or public key; null if there is none. INVALID_ARGUMENT unless exactly one of them is given.',
    resolve: (_, args, ctx) => resolve.user(ctx, args),
  }),
}));

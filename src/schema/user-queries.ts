import * as resolve from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';
import { pageArgs } from './connection.ts';
import { EnforcementState } from './enforcement.ts';
import { User, UserConnection } from './user.ts';

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
        } as const,
      }),
    }),
    descending: t.boolean({
      description: 'true: descending order. Absent or null: ascending order.',
    }),
  }),
});

builder.queryFields((t) => ({
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
      id: t.arg.id({ description: 'The id of the user.' }),
      publicKey: t.arg.string({ description: 'The public key of the user.' }),
    },
    description:
      'The user with this id or public key; null if there is none. INVALID_ARGUMENT unless exactly one argument is given.',
    resolve: (_, args, ctx) => resolve.user(ctx, args),
  }),
}));

import * as resolve from '../resolvers/user/queries.ts';
import { builder } from './builder.ts';
import { pageArgs } from './connection.ts';
import { EnforcementState } from './enforcement.ts';
import { User, UserConnection } from './user.ts';

const UserFilter = builder.inputType('UserFilter', {
  description: 'Which users; absent or null fields do not narrow.',
  fields: (t) => ({
    search: t.string({
      description:
        'A part of the nickname, mail or public key, whatever its case, composition and width; % and _ are ordinary characters. The mail plays no part when you may not see it.',
    }),
    online: t.boolean({ description: 'Only who is online, or only who is not.' }),
    enabled: t.boolean({ description: "Only where the administrator's switch stands so." }),
    managed: t.boolean({ description: 'Only who is managed, or only who is not.' }),
    interface: t.string({ description: 'Only users of this interface.' }),
    enforcement: t.field({
      type: EnforcementState,
      description: 'Only users whose `enforcement.applied` is this.',
    }),
  }),
});

const UserOrder = builder.inputType('UserOrder', {
  description: 'How to sort users.',
  fields: (t) => ({
    field: t.field({
      required: true,
      description: 'What to sort by; the id decides between equals.',
      type: builder.enumType('UserOrderField', {
        description: 'What users can be sorted by.',
        values: {
          ID: { description: 'The id.' },
          NICKNAME: { description: 'The nickname, by code points.' },
          LAST_SEEN: { description: 'The last proof of life; never comes first.' },
          CREATED_AT: { description: 'The creation.' },
          TOTAL_RX: { description: 'Bytes received since the last reset.' },
          TOTAL_TX: { description: 'Bytes sent since the last reset.' },
        } as const,
      }),
    }),
    descending: t.boolean({ description: 'Largest first. Absent or null: smallest first.' }),
  }),
});

builder.queryFields((t) => ({
  users: t.field({
    type: UserConnection,
    args: {
      ...pageArgs,
      filter: t.arg({ type: UserFilter, description: 'Which users; null is all.' }),
      orderBy: t.arg({ type: UserOrder, description: 'How to sort them; null is by id.' }),
    },
    description: 'The users.',
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
      'One user, by exactly one of the two arguments (else INVALID_ARGUMENT); null when there is none.',
    resolve: (_, args, ctx) => resolve.user(ctx, args),
  }),
}));

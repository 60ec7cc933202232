import * as resolve from '../../resolvers/login/logins.ts';
import { type Me as MeRecord, me } from '../../resolvers/login/me.ts';
import { builder } from '../builder.ts';
import { inTurns } from '../in-turns.ts';
import { Node } from '../node.ts';
import { Role } from './token.ts';

const Me = builder.objectRef<MeRecord>('Me').implement({
  description: 'The client that makes the request, as it is authenticated.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'The name of its token, or "local" while no token is required. The token in the settings has the name "WGQL_TOKEN".',
    }),
    role: t.expose('role', { type: Role, description: 'What it may do.' }),
    owner: t.exposeString('owner', {
      nullable: true,
      description: 'Whose users it reads; null unless the role is SELF.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its access ends: the expiry of its token or its login; null if never.',
    }),
    isLoggedIn: t.exposeBoolean('isLoggedIn', {
      description: 'Whether it was authenticated by the cookie of a login.',
    }),
  }),
});

const Login = builder.objectRef<resolve.Login>('Login').implement({
  interfaces: [Node],
  description:
    'A browser that exchanged a token for a cookie. Only the hash of its secret is stored.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A decimal number.' }),
    token: t.exposeString('token', {
      description: 'The name of the token it was made with, whose rights it has.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the token was exchanged.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the login ends: 30 days after it was made, or when its token expires.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The address of the client that logged in; null if it is unknown.',
    }),
    isCurrent: t.exposeBoolean('isCurrent', {
      description: 'Whether this request was authenticated by it.',
    }),
  }),
});

const EndLoginPayload = builder
  .objectRef<{ readonly endedId: number }>('EndLoginPayload')
  .implement({
    description: 'The result of endLogin.',
    fields: (t) => ({
      endedId: t.exposeID('endedId', { description: 'The id of the login.' }),
    }),
  });

builder.queryFields((t) => ({
  me: t.field({
    type: Me,
    description: 'The client that makes the request, as it is authenticated.',
    resolve: (_, __, ctx) => me(ctx, {}),
  }),
  logins: t.field({
    type: [Login],
    description: 'The logins that are in force, newest first. Requires the role admin.',
    resolve: async (_, __, ctx) => inTurns(ctx, await resolve.logins(ctx, {})),
  }),
}));

builder.mutationField('endLogin', (t) =>
  t.field({
    type: EndLoginPayload,
    args: { id: t.arg.id({ required: true, description: 'The id of the login.' }) },
    description:
      'Ends a login and its subscriptions immediately, including the login that makes this request. NOT_FOUND if there is no such login. Requires the role admin.',
    resolve: (_, args, ctx) => resolve.endLogin(ctx, args),
  }),
);

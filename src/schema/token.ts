import * as resolve from '../resolvers/token/tokens.ts';
import { builder } from './builder.ts';
import { inTurns } from './in-turns.ts';

const Role = builder.enumType('Role', {
  description: 'What the holder of a token may do; each role may do what those before it may.',
  values: {
    VIEWER: {
      value: 'viewer',
      description:
        'Read and watch, without mail addresses, phone numbers, notes, endpoints and allowed IPs.',
    },
    OPERATOR: { value: 'operator', description: 'See all of a user, and change users.' },
    ADMIN: { value: 'admin', description: 'Also make and revoke tokens, and read the audit log.' },
  } as const,
});

const Token = builder.objectRef<resolve.Token>('Token').implement({
  description: 'What lets somebody in. What its holder sends is kept nowhere, only its hash.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A decimal number.' }),
    name: t.exposeString('name', {
      description: 'Tells it apart in the logs; no two tokens ever have the same.',
    }),
    role: t.expose('role', { type: Role, description: 'What its holder may do.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    createdBy: t.exposeString('createdBy', {
      description: 'Who made it: the name of a token, "local", or "cli" for the command line.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it lets nobody in; null is never.',
    }),
    allowedFrom: t.stringList({
      nullable: true,
      resolve: ({ allowedFrom }) => (allowedFrom === null ? null : [...allowedFrom]),
      description: 'The prefixes of addresses it may be used from; null is anywhere.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null is never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null: it is not.',
    }),
  }),
});

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  description: 'A new token.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'At most 64 characters; not that of another token, not even of a revoked one.',
    }),
    role: t.field({ type: Role, required: true, description: 'What its holder may do.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'From when on it lets nobody in, in the future. Absent or null: never.',
    }),
    allowedFrom: t.stringList({
      description:
        'Prefixes of addresses it may be used from, such as 192.0.2.0/24, 1 to 32 of them. Absent or null: anywhere.',
    }),
  }),
});

const CreateTokenPayload = builder.objectRef<resolve.CreatedToken>('CreateTokenPayload').implement({
  description: 'The answer to createToken.',
  fields: (t) => ({
    token: t.field({ type: Token, description: 'The new token.', resolve: ({ token }) => token }),
    secret: t.exposeString('secret', {
      description: 'What its holder sends: "Authorization: Bearer SECRET". It is shown this once.',
    }),
  }),
});

const RevokeTokenPayload = builder.objectRef<resolve.Token>('RevokeTokenPayload').implement({
  description: 'The answer to revokeToken.',
  fields: (t) => ({
    token: t.field({ type: Token, description: 'The token as it is now.', resolve: (it) => it }),
  }),
});

builder.queryField('tokens', (t) =>
  t.field({
    type: [Token],
    description: 'All tokens there ever were, by id. Needs the role admin.',
    resolve: async (_, __, ctx) => inTurns(ctx, await resolve.tokens(ctx, {})),
  }),
);

builder.mutationFields((t) => ({
  createToken: t.field({
    type: CreateTokenPayload,
    args: {
      input: t.arg({ type: CreateTokenInput, required: true, description: 'The new token.' }),
    },
    description:
      'Makes a token. The first one ends the time when everybody on this machine could do everything. CONFLICT when the name was given before. Needs the role admin.',
    resolve: (_, { input }, ctx) => resolve.createToken(ctx, input),
  }),
  revokeToken: t.field({
    type: RevokeTokenPayload,
    args: { id: t.arg.id({ required: true, description: 'The id of the token.' }) },
    description:
      'Ends a token and its live streams at once, also the one that asks. NOT_FOUND when there is no such token. Needs the role admin.',
    resolve: (_, args, ctx) => resolve.revokeToken(ctx, args),
  }),
}));

import * as resolve from '../../resolvers/token/tokens.ts';
import { builder } from '../builder.ts';
import { inTurns } from '../in-turns.ts';
import { Node } from '../node.ts';

export const Role = builder.enumType('Role', {
  description: 'What a token allows. Each role includes the rights of the roles before it.',
  values: {
    SELF: {
      value: 'self',
      description:
        "Read and subscribe to an owner's users as if there were no others: their sessions, traffic and events, with all their fields except the note.",
    },
    VIEWER: {
      value: 'viewer',
      description:
        'Read and subscribe to everything, without mail addresses, phone numbers, notes, owners, tags, endpoints and allowed IPs.',
    },
    OPERATOR: { value: 'operator', description: 'Also see all fields of users, and change users.' },
    ADMIN: {
      value: 'admin',
      description: 'Also create and revoke tokens, manage webhooks, and read the audit log.',
    },
  } as const,
});

const Token = builder.objectRef<resolve.Token>('Token').implement({
  interfaces: [Node],
  description: 'An access token. Only the hash of its secret is stored.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A decimal number.' }),
    name: t.exposeString('name', {
      description:
        'Identifies the token in the logs; never used for another token, even after it is revoked.',
    }),
    role: t.expose('role', { type: Role, description: 'What the token allows.' }),
    owner: t.exposeString('owner', {
      nullable: true,
      description: 'Whose users the token reads; null unless the role is SELF.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the token was created.',
    }),
    createdBy: t.exposeString('createdBy', {
      description:
        'Who created the token: the name of a token, "local", or "cli" for the command line.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token stops being accepted; null if never.',
    }),
    allowedFrom: t.stringList({
      nullable: true,
      resolve: ({ allowedFrom }) => (allowedFrom === null ? null : [...allowedFrom]),
      description: 'The address prefixes the token may be used from; null if any address.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token was last used, to the minute; null if never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token was revoked; null if it is not revoked.',
    }),
  }),
});

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  description: 'A new token.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        'At most 64 characters; must differ from the names of all other tokens, including revoked ones.',
    }),
    role: t.field({ type: Role, required: true, description: 'What the token allows.' }),
    owner: t.string({
      description:
        'Whose users the token reads: the exact `owner` of those users, at most 100 characters. Required for the role SELF; INVALID_ARGUMENT for any other role.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'When the token stops being accepted; must be in the future. Absent or null: never.',
    }),
    allowedFrom: t.stringList({
      description:
        'Address prefixes the token may be used from, such as 192.0.2.0/24; 1 to 32 prefixes. Absent or null: any address.',
    }),
  }),
});

const CreateTokenPayload = builder.objectRef<resolve.CreatedToken>('CreateTokenPayload').implement({
  description: 'The result of createToken.',
  fields: (t) => ({
    token: t.field({ type: Token, description: 'The new token.', resolve: ({ token }) => token }),
    secret: t.exposeString('secret', {
      description:
        'The secret to send as "Authorization: Bearer SECRET". It is returned only this once.',
    }),
  }),
});

const RevokeTokenPayload = builder.objectRef<resolve.Token>('RevokeTokenPayload').implement({
  description: 'The result of revokeToken.',
  fields: (t) => ({
    token: t.field({ type: Token, description: 'The revoked token.', resolve: (it) => it }),
  }),
});

builder.queryField('tokens', (t) =>
  t.field({
    type: [Token],
    description: 'All tokens ever created, sorted by id. Requires the role admin.',
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
      'Creates a token. Creating the first one permanently disables unauthenticated local access. CONFLICT if the name has been used before. Requires the role admin.',
    resolve: (_, { input }, ctx) => resolve.createToken(ctx, input),
  }),
  revokeToken: t.field({
    type: RevokeTokenPayload,
    args: { id: t.arg.id({ required: true, description: 'The id of the token.' }) },
    description:
      'Revokes a token and ends its subscriptions immediately, including the token that makes this request. NOT_FOUND if there is no such token. Requires the role admin.',
    resolve: (_, args, ctx) => resolve.revokeToken(ctx, args),
  }),
}));

import * as resolve from '../resolvers/user/provision.ts';
import { builder } from './builder.ts';
import { User } from './user.ts';
import { ordinaryFields } from './user-commands.ts';

const ProvisionUserInput = builder.inputType('ProvisionUserInput', {
  description:
    'A new user whose keys the server makes. Absent and null fields take their defaults.',
  fields: (t) => ({
    ...ordinaryFields(t),
    endpoint: t.string({
      description:
        'Where the client reaches the server: a name, an IPv4 address or [an IPv6 address], with or without a port. Absent: WGQL_ENDPOINT, else the public address of the default route; UNAVAILABLE where there is neither.',
    }),
    dns: t.stringList({
      description: 'Name servers for the client, at most 8 addresses. Absent: it keeps its own.',
    }),
    clientAllowedIps: t.stringList({
      description: 'What the client sends into the tunnel. Absent: everything.',
    }),
  }),
});

const ProvisionUserPayload = builder
  .objectRef<resolve.Provisioned>('ProvisionUserPayload')
  .implement({
    description: 'The answer to provisionUser. It is given once: the private key is kept nowhere.',
    fields: (t) => ({
      user: t.field({
        type: User,
        description: 'The new user.',
        resolve: ({ user }) => user,
      }),
      configuration: t.exposeString('configuration', {
        description: "The client's configuration file, its private key included.",
      }),
      qrSvg: t.exposeString('qrSvg', {
        description: 'The same as a QR code for the apps: an SVG document.',
      }),
    }),
  });

builder.mutationField('provisionUser', (t) =>
  t.field({
    type: ProvisionUserPayload,
    args: {
      input: t.arg({ type: ProvisionUserInput, required: true, description: 'The new user.' }),
    },
    description:
      "Creates a user with keys made by the server, and answers its client's configuration once. UNAVAILABLE while the interface is not up.",
    resolve: (_, { input }, ctx) =>
      resolve.provisionUser(ctx, { ...input, enabled: input.enabled ?? undefined }),
  }),
);

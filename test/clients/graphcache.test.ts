import { readFile } from 'node:fs/promises';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange, type KeyingConfig } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { getIntrospectedSchema } from '@urql/introspection';
import {
  buildSchema,
  type IntrospectionQuery,
  introspectionFromSchema,
  isObjectType,
} from 'graphql';
import { createClient } from 'graphql-ws';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Fleet, startFleet } from '../rest/support.ts';

// In docs/CLIENTS.md, from here
/** Objects without an id of their own: the cache keeps them as part of the objects that contain them. */
const embedded = [
  ...['AuditConnection', 'AuditEdge', 'ByteCount', 'ClientDefaults', 'CreateTokenPayload'],
  ...['CreateUserPayload', 'CreateWebhookPayload', 'Dashboard', 'DeleteUserPayload'],
  ...['DeleteWebhookPayload', 'EndLoginPayload', 'Enforcement', 'EventConnection', 'EventEdge'],
  ...['ImportResult', 'ImportUsersPayload', 'KickUserPayload', 'Me', 'OneTimeLink', 'PageInfo'],
  ...['Presence', 'ProvisionUserPayload', 'Quota', 'Rate', 'RepeatWebhookDeliveryPayload'],
  ...['ReplayWebhookPayload', 'ResetTrafficPayload', 'Retention', 'RevokeTokenPayload'],
  ...['RotateWebhookSecretPayload', 'SessionConnection', 'SessionEdge', 'SetUserEnabledPayload'],
  ...['Status', 'TestWebhookPayload', 'TrafficPoint', 'UpdateInterfacePayload'],
  ...['UpdateUserPayload', 'UpdateUsersPayload', 'UpdateWebhookPayload', 'Usage', 'UserConnection'],
  ...['UserEdge', 'UserError', 'UserGroup', 'UserGroupConnection', 'UserGroupEdge', 'UserResult'],
  ...['WebhookDeliveryConnection', 'WebhookDeliveryEdge'],
];
const keys: KeyingConfig = Object.fromEntries(embedded.map((name) => [name, () => null]));
// to here

const schema = buildSchema(
  await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'),
);

interface Told {
  readonly warnings: string[];
}

function connect(app: Fleet): Client & Told {
  const warnings: string[] = [];
  const url = `${app.url}/graphql`;
  const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
  onTestFinished(() => void socket.dispose());
  // In docs/CLIENTS.md, from here
  const cache = cacheExchange({
    keys,
    schema: getIntrospectedSchema(introspectionFromSchema(schema) as IntrospectionQuery),
    resolvers: {
      Query: { users: relayPagination(), sessions: relayPagination(), events: relayPagination() },
    },
    logger: (severity, message) => severity === 'debug' || warnings.push(message),
  });
  const client = new Client({
    url,
    exchanges: [
      cache,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  });
  // to here
  return Object.assign(client, { warnings });
}

const USERS = `query ($after: String) { users(first: 1, after: $after) {
  edges { node { id nickname totalRx session { id rx } usage { today { rx } } quota { used } } }
  pageInfo { hasNextPage endCursor } } }`;

it('the published keys are those of all objects without an id', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const without = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__') && !roots.includes(type))
    .filter((type) => !('id' in type.getFields()) || type.name === 'UserResult');
  expect(without.map(({ name }) => name).sort()).toEqual([...embedded].sort());
});

it('urql with graphcache gathers pages, and shows what mutations and subscriptions change', async () => {
  const app = await startFleet();
  const client = connect(app);
  const read = async (after: string | null, from: 'cache-first' | 'cache-only' = 'cache-first') => {
    const { data, error } = await client.query(USERS, { after }, { requestPolicy: from });
    expect(error).toBeUndefined();
    return data.users;
  };
  const { pageInfo } = await read(null);
  const both = await read(pageInfo.endCursor);
  const idsOf = ({ edges }: typeof both) =>
    edges.map((edge: { node: { id: string } }) => edge.node.id);
  expect(idsOf(both)).toEqual(['1', '2']);
  const rename =
    'mutation { updateUser(id: 1, input: { nickname: "Ada" }) { user { id nickname } } }';
  await client.mutation(rename, {});
  const cached = await read(pageInfo.endCursor, 'cache-only');
  expect(cached.edges[0].node.nickname).toBe('Ada');

  const told: unknown[] = [];
  const live = client
    .subscription('subscription { presence { isOnline at user { id nickname isOnline } } }', {})
    .subscribe(({ data }) => told.push(data));
  onTestFinished(() => live.unsubscribe());
  await app.eventually('the snapshot', async () => told.length > 0);
  app.wireguard.interface().shakeHands(app.offline);
  await app.eventually('the change', async () => told.length > 1);
  expect(client.warnings).toEqual([]);
});

it('graphcache accepts every kind of object without a warning', async () => {
  const app = await startFleet();
  const client = connect(app);
  const { error } = await client.query(
    `{ users { totalCount edges { cursor node { id nodeId rate { rxBytesPerSecond user { id } }
           enforcement { applied } sessions { edges { node { id user { id } } } }
           traffic(bucket: DAY) { start rx } } } }
       sessions { edges { node { id } } } events { edges { node { id reasons user { id } session { id } } } }
       auditLog { edges { node { id action } } } owners { edges { node { name usage { total { rx } } } } }
       dashboard { totalUsers } tokens { id name }
       status { version interfaces { id name clientDefaults { mtu } } } }`,
    {},
  );
  expect(error).toBeUndefined();
  const updated = await client.mutation(
    'mutation { updateUsers(ids: [1, 9], input: { note: "x" }) { results { id user { id note } error { code } } } }',
    {},
  );
  expect(updated.error).toBeUndefined();
  expect(client.warnings).toEqual([]);
});

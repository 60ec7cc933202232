import { once } from 'node:events';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
} from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from '../../src/schema/index.ts';
import { each, MEMBERS, unexpected, VALUES } from '../fixtures/edge-values.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { bearer } from '../fixtures/tokens.ts';
import { startFleet } from '../rest/support.ts';

const PROTOCOL = 'graphql-transport-ws';

describe('a value at the edge of what is allowed', () => {
  it('of any GraphQL argument and input field is taken or refused', async () => {
    const secret = 'a-token-of-more-than-thirty-two-characters';
    const app = await startFleet({ env: { WGQL_TOKEN: secret } });
    const ask = (query: string, variables?: Record<string, unknown>) =>
      app.graphql(query, variables, bearer(secret));
    const operations = [
      ...operationsOverAllArguments('query', 'mutation'),
      ...operationsOverUsers(),
    ];
    expect(operations.length).toBeGreaterThan(2_000);
    await each(operations, async ({ query, variables }) => {
      const { status, errors = [] } = await ask(query, variables);
      const what = `${query} ${JSON.stringify(variables).slice(0, 200)}`;
      expect.soft(status, what).toBeLessThan(500);
      for (const { extensions } of errors)
        expect.soft(extensions.code, what).not.toMatch(/INTERNAL|UNAUTHENTICATED/);
    });
    expect(unexpected(app)).toEqual([]);
    const { errors } = await ask(
      '{ users(first: 1000) { edges { node { nickname expiresAt allowedIps interface } } } }',
    );
    expect(errors).toBeUndefined();
  }, 120_000);

  it('of any argument of a subscription is taken or refused', async () => {
    const app = await startFleet();
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, PROTOCOL);
    onTestFinished(() => socket.terminate());
    const messages: string[] = [];
    socket.on('message', (message) => messages.push(message.toString()));
    await once(socket, 'open');
    const say = (message: object) => socket.send(JSON.stringify(message));
    say({ type: 'connection_init' });
    await once(socket, 'message');
    const operations = operationsOverAllArguments('subscription');
    expect(operations.length).toBeGreaterThan(300);
    for (const [index, payload] of [...operations, { query: '{ status { running } }' }].entries()) {
      say({ id: `op${index}`, type: 'subscribe', payload });
      if (index < operations.length) say({ id: `op${index}`, type: 'complete' });
    }
    const last = `"id":"op${operations.length}"`;
    while (!messages.some((text) => text.includes(last))) await once(socket, 'message');
    for (const text of messages) expect.soft(text).not.toContain('INTERNAL');
    expect(unexpected(app)).toEqual([]);
  }, 60_000);

  it('as a name in a GraphQL document is taken or refused', async () => {
    const app = await startFleet();
    for (const name of MEMBERS) {
      for (const query of [
        `{ ${name} }`,
        `{ ${name}: status { running } }`,
        `{ status { ${name}: running ${name} } }`,
        `{ status { running(${name}: 1) } }`,
        `query ${name} { status { running } }`,
        `query ($${name}: Int) { users(first: $${name}) { totalCount } }`,
        `fragment ${name} on Status { running } { status { ...${name} } }`,
        `{ status { running @${name} } }`,
        `query ($a: ${name}) { status { running } }`,
        `mutation { updateUser(id: 1, input: { ${name}: 1 }) { user { id } } }`,
        `{ users(filter: { ${name}: 1 }, orderBy: ${name}) { totalCount } }`,
      ]) {
        const variables = JSON.parse(`{${JSON.stringify(name)}:1}`);
        const { status, errors = [] } = await app.graphql(query, variables);
        expect.soft(status, query).toBeLessThan(500);
        for (const { extensions } of errors)
          expect.soft(extensions.code, query).toBe('INVALID_ARGUMENT');
      }
    }
    expect(unexpected(app)).toEqual([]);
  });
});

interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Each argument and each input field with each value, the required ones beside it with good ones. */
function operationsOverAllArguments(...kinds: ('query' | 'mutation' | 'subscription')[]) {
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  return kinds.flatMap((kind) =>
    Object.values(roots[kind]?.getFields() ?? {}).flatMap((field) =>
      operationsOver(field, (call, declared) => `${kind} ${declared} { ${call} }`),
    ),
  );
}

/** The same of what is asked of a user. */
function operationsOverUsers(): Operation[] {
  const user = schema.getType('User');
  const fields = user !== undefined && 'getFields' in user ? Object.values(user.getFields()) : [];
  return (fields as GraphQLField<unknown, unknown>[]).flatMap((field) =>
    operationsOver(field, (call, declared) => `query ${declared} { user(id: 1) { ${call} } }`),
  );
}

function operationsOver(
  field: GraphQLField<unknown, unknown>,
  write: (call: string, declared: string) => string,
): Operation[] {
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return field.args.flatMap((varied) => {
    const given = field.args.filter((arg) => arg === varied || isNonNullType(arg.type));
    const declared = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
    const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
    const query = write(`${field.name}(${passed})${selection}`, `(${declared})`);
    const others = Object.fromEntries(given.map((arg) => [arg.name, good(arg)]));
    return valuesFor(varied.type, good(varied)).map((value) => ({
      query,
      variables: { ...others, [varied.name]: value },
    }));
  });
}

/** Edge values of a type; of an input, good inputs with one field at an edge each. */
function valuesFor(type: GraphQLInputType, base: unknown): unknown[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [...VALUES];
  const inputs = Object.keys(named.getFields()).flatMap((name) =>
    VALUES.map((value) => ({ ...(base as object), [name]: value })),
  );
  return [...inputs, ...MEMBERS.map((name) => JSON.parse(`{${JSON.stringify(name)}:1}`))];
}

function good({ name, type }: Pick<GraphQLArgument, 'name' | 'type'>): unknown {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    const required = Object.values(named.getFields()).filter((one) => isNonNullType(one.type));
    return Object.fromEntries(required.map((one) => [one.name, good(one)]));
  }
  if (name === 'publicKey') return newPublicKey();
  return GOOD[named.name] ?? (named.name === 'String' ? 'good' : undefined);
}

const GOOD: Record<string, unknown> = {
  ID: '2',
  Boolean: true,
  Int: 1,
  Bucket: 'DAY',
  Role: 'VIEWER',
  DateTime: '2026-01-01T00:00:00Z',
};

import { once } from 'node:events';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
} from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from '../../src/schema/index.ts';
import { failuresOf, MEMBERS, unexpected, valuesOf } from '../fixtures/edge-values.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { bearer } from '../fixtures/tokens.ts';
import { type Fleet, startFleet } from '../rest/support.ts';

const PROTOCOL = 'graphql-transport-ws';

describe('a value at the edge of what is allowed', () => {
  it('of any GraphQL argument and input field is taken or refused', async () => {
    const secret = 'a-token-of-more-than-thirty-two-characters';
    const app = await startFleet({ env: { WGQL_TOKEN: secret } });
    const operations = [
      ...operationsOverAllArguments('query', 'mutation'),
      ...operationsOverUsers(),
    ];
    expect(operations.length).toBeGreaterThan(2_000);
    const run = await runner(app, bearer(secret));
    const failures = await failuresOf(operations, async (operation) => {
      const answer = await run(operation);
      return /INTERNAL|UNAUTHENTICATED/.test(answer) ? failure(operation, answer) : null;
    });
    expect(failures).toEqual([]);
    expect(unexpected(app)).toEqual([]);
    const { errors } = await app.graphql(
      '{ users(first: 1000) { edges { node { nickname expiresAt allowedIps interface } } } }',
      {},
      bearer(secret),
    );
    expect(errors).toBeUndefined();
  }, 120_000);

  it('of any argument of a subscription is taken or refused', async () => {
    const app = await startFleet();
    const operations = operationsOverAllArguments('subscription');
    expect(operations.length).toBeGreaterThan(200);
    const run = await runner(app);
    const failures = await failuresOf(operations, async (operation) => {
      const answer = await run(operation, 'and end it');
      return answer.includes('INTERNAL') ? failure(operation, answer) : null;
    });
    expect(failures).toEqual([]);
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

/**
 * Runs operations over one WebSocket, which takes a third of the time of as many requests. The answer is all that
 * the server sends; a subscription is ended at once, or else by its error.
 */
async function runner(app: Fleet, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, PROTOCOL, { headers });
  onTestFinished(() => socket.terminate());
  const answers = new Map<string, { text: string; end(): void }>();
  socket.on('message', (message) => {
    const text = message.toString();
    const { id, type } = JSON.parse(text);
    const answer = answers.get(id);
    if (answer === undefined) return;
    answer.text += text;
    if (type === 'complete' || type === 'error') answer.end();
  });
  await once(socket, 'open');
  const say = (message: object) => socket.send(JSON.stringify(message));
  say({ type: 'connection_init' });
  await once(socket, 'message');
  let last = 0;
  const send = (payload: Operation | { readonly query: string }) => {
    const id = String(++last);
    const ended = new Promise<void>((end) => answers.set(id, { text: '', end }));
    say({ id, type: 'subscribe', payload });
    return { id, ended };
  };
  return async (operation: Operation, end?: 'and end it'): Promise<string> => {
    const { id, ended } = send(operation);
    if (end !== undefined) say({ id, type: 'complete' });
    // What is sent after it is answered after it.
    await (end === undefined ? ended : send({ query: '{ status { running } }' }).ended);
    const { text } = answers.get(id) as { text: string };
    answers.delete(id);
    return text;
  };
}

interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

const failure = ({ query, variables }: Operation, answer: string) =>
  `${query} ${JSON.stringify(variables).slice(0, 200)}: ${answer.slice(0, 200)}`;

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
  if (!isInputObjectType(named)) return edgesOf(named);
  const inputs = Object.values(named.getFields()).flatMap(({ name, type }) =>
    edgesOf(getNamedType(type)).map((value) => ({ ...(base as object), [name]: value })),
  );
  return [...inputs, ...MEMBERS.map((name) => JSON.parse(`{${JSON.stringify(name)}:1}`))];
}

/** All values that reach the program, and some of those that GraphQL refuses for their type alone. */
function edgesOf({ name }: GraphQLNamedInputType): unknown[] {
  if (name === 'String') return valuesOf('MEMBERS', 'TEXTS', 'OTHERS');
  if (name === 'ID') return valuesOf('MEMBERS', 'TEXTS', 'NUMBERS', 'OTHERS');
  if (name === 'Int') return valuesOf('NUMBERS', 'OTHERS');
  if (name === 'DateTime') return valuesOf('DATES', 'TEXTS', 'NUMBERS', 'OTHERS');
  return valuesOf('MEMBERS', 'OTHERS');
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

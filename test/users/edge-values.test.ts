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
import { newPublicKey } from '../fixtures/fake-wireguard.ts';
import { bearer } from '../fixtures/tokens.ts';
import { type Fleet, send, startFleet } from '../rest/support.ts';

const PROTOCOL = 'graphql-transport-ws';

const MEMBERS = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__typename'];
const DATES = [
  '0000-01-01',
  '0000-00-00',
  '0001-01-01',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+23:59',
  '9998-12-31',
  '9999-12-31',
  '9999-12-31 23:59:59',
  '9999-12-31T23:59:59-23:59',
  '+275760-09-13T00:00:00Z',
  '275760-09-13',
  '-271821-04-20T00:00:00Z',
  '2026-02-29',
  '2026-06-30T23:59:60Z',
];
const NUMBERS = [0, -0, -1, 1.5, 1e21, 1e308, 2 ** 31 - 1, 2 ** 31, 2 ** 53, 2 ** 63];
const TEXTS = [
  '',
  ' ',
  '0',
  '-1',
  '00',
  '9'.repeat(9),
  '9'.repeat(400),
  '1e999',
  'NaN',
  'null',
  '.',
  '..',
  '/',
  '%',
  '_',
  '\\',
  '"',
  "'",
  '\u0000',
  '\ud800',
  '\ufeff',
  '😀'.repeat(256),
  'x'.repeat(256),
  'x'.repeat(20_000),
  '10.0.0.2/32,10.0.0.2/32',
  '::/0',
  'GMT+99',
  `${'A'.repeat(43)}=`,
];
const OTHERS: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  [null],
  ['1', '1'],
  ['10.0.0.9/32', '10.0.0.9/32', '10.0.0.9'],
  { constructor: 1 },
  Array.from({ length: 200 }, () => 'x'),
];
const VALUES: readonly unknown[] = [...MEMBERS, ...DATES, ...NUMBERS, ...TEXTS, ...OTHERS];

const FIELDS = [
  ...['peer_pubkey', 'nickname', 'mail', 'phone', 'note', 'interface', 'allowed_ips'],
  ...['preshared_key', 'persistent_keepalive', 'enabled', 'bandwidth_limit', 'data_limit'],
  ...['expiry_date', 'id', 'action', 'constructor', '__proto__', ''],
];

/** Those that a creation treats in its own way; each user made makes every poll longer. */
const CREATED = ['peer_pubkey', 'interface', 'allowed_ips'];

const PARAMETERS: Record<string, readonly string[]> = {
  '/api/users': ['page', 'per_page', ...MEMBERS],
  '/api/users/management': ['page', 'per_page', 'search', 'status'],
  '/api/events': ['page', 'per_page'],
  '/api/events/history': ['page', 'per_page', 'user_id', 'status', 'from', 'to'],
  '/api/status': ['x'],
  '/api/dashboard': ['x'],
  '/api/traffic/chart': ['days'],
  '/api/users/1/action': ['action'],
};

/** Some at once, since most of the time goes by between the processes. */
async function each<T>(all: readonly T[], ask: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += 20) await Promise.all(all.slice(at, at + 20).map(ask));
}

const unexpected = (app: Fleet) => app.log.filter((line) => line.includes('unexpected failure'));

describe('a value at the edge of what is allowed', () => {
  it('of any REST field is taken or refused, as JSON and as a form', async () => {
    const app = await startFleet();
    const cases = FIELDS.flatMap((field) => VALUES.map((value) => [field, value] as const));
    await each(cases, async ([field, value]) => {
      const text = `{${JSON.stringify(field)}:${JSON.stringify(value)}}`;
      const form = `${encodeURIComponent(field)}=${urlText(String(value))}`;
      const key = JSON.stringify(newPublicKey());
      for (const [path, body, type] of [
        ['/api/users/1/update', text, 'application/json'],
        ['/api/users/2/update', form, 'application/x-www-form-urlencoded'],
        ...(CREATED.includes(field)
          ? [['/api/users/create', text.replace('{', `{"peer_pubkey":${key},`), 'application/json']]
          : []),
      ] as [string, string, string][]) {
        const headers = { 'content-type': type };
        const { status } = await send(app, { method: 'POST', path, headers, body });
        expect.soft([200, 400, 409], `${path} ${body.slice(0, 200)}`).toContain(status);
      }
    });
    expect(unexpected(app)).toEqual([]);
    expect((await app.rest('/api/users')).status).toBe(200);
    expect((await app.rest('/api/users/management')).status).toBe(200);
  }, 120_000);

  it('of any parameter and path is taken or refused', async () => {
    const app = await startFleet();
    const texts = VALUES.map((value) => urlText(String(value)).slice(0, 4_000));
    const paths = [
      ...Object.entries(PARAMETERS).flatMap(([path, names]) =>
        names.flatMap((name) => texts.map((text) => `${path}?${name}=${text}`)),
      ),
      ...texts.flatMap((text) => [`/api/users/${text}/kick`, `/api/users/1/${text}`, `/${text}`]),
    ];
    await each(paths, async (path) => {
      const { status } = await send(app, { path });
      expect.soft([200, 400, 404, 405], path.slice(0, 200)).toContain(status);
    });
    expect(unexpected(app)).toEqual([]);
  }, 120_000);

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

  it.each(['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati'])(
    'is the end of 9999, which stands for never, in %s',
    async (timeZone) => {
      const app = await startFleet({ env: { WGQL_TIME_ZONE: timeZone } });
      const expiryOf = async () => (await app.rest('/api/users')).body[0].expiry_date;
      const last = '9999-12-31 23:59:59';
      for (const given of [
        '9999-12-31',
        last,
        '9999-12-31T23:59:59Z',
        '9999-12-31T23:59:59.999Z',
      ]) {
        const { status, text } = await app.post('/api/users/1/update', { expiry_date: given });
        expect.soft(status, text).toBe(200);
        expect.soft(await expiryOf(), given).toBe(last);
      }
      const { data } = await app.graphql('{ user(id: 1) { expiresAt } }');
      expect(data.user.expiresAt).toBe('9999-12-31T23:59:59.000Z');
      const update = `mutation ($at: DateTime) { updateUser(id: 1, input: { expiresAt: $at }) { user { expiresAt } } }`;
      const again = await app.graphql(update, { at: data.user.expiresAt });
      expect(again.data.updateUser.user.expiresAt).toBe(data.user.expiresAt);
      await app.post('/api/users/1/update', { expiry_date: '9999-12-30' });
      expect(await expiryOf()).toBe('9999-12-30 23:59:59');
      for (const path of [
        '/api/events/history?to=9999-12-31',
        '/api/events/history?from=9999-12-31',
        '/api/events/history?from=0001-01-01&to=9999-12-30',
      ]) {
        expect.soft((await app.rest(path)).status, path).toBe(200);
      }
      const beyond = await app.graphql(update, { at: '+010000-06-01T00:00:00Z' });
      expect(beyond.errors?.[0]?.message).toMatch(/up to 9999-12-31/);
      expect(unexpected(app)).toEqual([]);
    },
  );

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

/** As a URL writes it; a lone half of a character is left as what stands for it. */
function urlText(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

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

import { expect, it } from 'vitest';
import { plant } from '../fixtures/leak-detector.ts';
import type { TestAppOptions } from '../fixtures/test-app.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { openSocket, PRESENCE, socketUrl, watchEvents } from '../live/support.ts';
import { startFleet } from '../rest/support.ts';
import { type Collector, startCollector } from './support.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const TOKEN = 'a-token-of-more-than-thirty-two-characters';

async function startTraced(
  env: Record<string, string> = {},
  prepare: TestAppOptions['prepare'] = () => {},
) {
  const collector = await startCollector();
  const app = await startFleet({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env },
    prepare,
  });
  /** Sends what is left, also if a busy machine needs longer for it than a stop waits. */
  const flush = async () => {
    const { length } = collector.requests;
    await app.app.stop();
    if (!app.log.some((line) => line.includes('for the last spans'))) return;
    await waitFor('the last spans', async () => collector.requests.length > length);
  };
  return { app, collector, flush };
}

const operation = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

function expectStatementAt(collector: Collector, ...path: string[]): void {
  expect(collector.pathsToStatements(path[0] as string)).toContainEqual([...path, 'statement']);
}

it('A REST request, its use case and its statements are one trace, named by the route.', async () => {
  const { app, collector, flush } = await startTraced();
  expect((await app.rest('/api/events/history')).status).toBe(200);
  expect((await app.post('/api/users/1/update', { note: 'b' })).status).toBe(200);
  await flush();
  expectStatementAt(collector, 'GET /api/events/history', 'use case allSessions');
  expectStatementAt(collector, 'POST /api/users/:id/update', 'use case updateUser');
  expect(collector.one('GET /api/events/history')).toMatchObject({
    parentId: null,
    failure: null,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/api/events/history',
      'http.response.status_code': 200,
    },
  });
});

it('A GraphQL query over HTTP is named by its root fields, and nothing the client chose.', async () => {
  const { app, collector, flush } = await startTraced();
  const { errors } = await app.graphql(`
    query Chosen { alias: events { totalCount edges { node { id } } } ...Part }
    fragment Part on Query { status { demo } }`);
  expect(errors).toBeUndefined();
  await flush();
  expectStatementAt(collector, 'graphql query events status', 'use case events');
  expectStatementAt(collector, 'graphql query events status', 'use case status');
  expect(JSON.stringify(collector.spans)).not.toMatch(/Chosen|alias|Part/);
});

it('The name of an operation with many root fields has four of them.', async () => {
  const { app, collector, flush } = await startTraced();
  await app.graphql(
    '{ users { totalCount } events { totalCount } status { demo } dashboard { totalUsers } user(id: 1) { id } __typename }',
  );
  await app.graphql('{ unknownField }');
  await flush();
  expect(collector.one('graphql query __typename dashboard events status …')).toBeDefined();
  expect(collector.one('graphql').attributes['http.response.status_code']).toBe(200);
});

it('Operations over a WebSocket are traces of their own.', async () => {
  const { app, collector, flush } = await startTraced();
  const socket = await openSocket(socketUrl(app));
  socket.send(
    operation('m', 'mutation { updateUser(id: 1, input: { note: "b" }) { user { id } } }'),
  );
  expect(await app.whilePolling(socket.received('next', 'm'))).not.toHaveProperty('payload.errors');
  socket.send(operation('q', '{ events { totalCount } }'));
  await socket.received('next', 'q');
  await flush();
  expectStatementAt(collector, 'graphql mutation updateUser', 'use case updateUser');
  expect(collector.one('graphql mutation updateUser').parentId).toBeNull();
  const query = collector.one('graphql query events');
  expect(query.parentId).toBeNull();
  expect(query.traceId).not.toBe(collector.one('graphql mutation updateUser').traceId);
});

it('The span of a subscription ends when it has begun, over both transports.', async () => {
  const { app, collector, flush } = await startTraced();
  const socket = await openSocket(socketUrl(app));
  socket.send(operation('p', 'subscription { dashboard { totalUsers } }'));
  await socket.received('next', 'p');
  const stream = await watchEvents(app, PRESENCE);
  app.wireguard.interface().shakeHands(app.offline);
  await stream.next();
  await stream.stop();
  await flush();
  const subscriptions = collector.spans.filter(({ name }) => name.startsWith('graphql sub'));
  expect(subscriptions.map(({ name }) => name).sort()).toEqual([
    'graphql subscription dashboard',
    'graphql subscription presence',
  ]);
  expect(subscriptions.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([
    undefined,
    undefined,
  ]);
});

it('A poll is a trace with its statements and with the enforcement.', async () => {
  const { collector, flush } = await startTraced();
  await flush();
  expectStatementAt(collector, 'poll');
  expectStatementAt(collector, 'poll', 'enforce');
  const polls = collector.spans.filter(({ name }) => name === 'poll');
  expect(polls.every(({ parentId }) => parentId === null)).toBe(true);
});

it('The statements have texts with placeholders, and a commit is one of them.', async () => {
  const { collector, flush } = await startTraced();
  await flush();
  const statements = collector.spans.filter(({ name }) => name === 'statement');
  for (const { attributes } of statements) {
    expect(attributes['db.system.name']).toBe('sqlite');
    expect(attributes['db.query.text']).not.toContain("'");
  }
  const texts = statements.map(({ attributes }) => attributes['db.query.text']);
  expect(texts).toContain('COMMIT');
  expect(texts).toContainEqual(expect.stringMatching(/^INSERT INTO "Event" .*json_each\(\?\)/));
});

it('An answer that is kept has a span with the same name, and no use case.', async () => {
  const { app, collector, flush } = await startTraced();
  await app.rest('/api/users');
  await app.rest('/api/users');
  await app.graphql('{ users { totalCount } }');
  await app.graphql('{ users { totalCount } }');
  await flush();
  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  expect(named('GET /api/users').map(({ attributes }) => attributes['http.route'])).toEqual([
    '/api/users',
    '/api/users',
  ]);
  expect(named('use case listUsers')).toHaveLength(1);
  expect(named('graphql query users')).toHaveLength(2);
  expect(named('use case users')).toHaveLength(1);
});

it('The trace of a request with a traceparent is continued.', async () => {
  const { app, collector, flush } = await startTraced();
  const headers = (flags: string) => ({ traceparent: `00-${TRACE}-${PARENT}-${flags}` });
  await app.rest('/api/dashboard', { headers: headers('01') });
  await app.rest('/api/status', { headers: headers('00') });
  await app.rest('/api/events/history', { headers: { traceparent: 'nonsense' } });
  await flush();
  expect(collector.one('GET /api/dashboard')).toMatchObject({ traceId: TRACE, parentId: PARENT });
  // Its sender does not record this trace.
  expect(collector.spans.filter(({ name }) => name === 'GET /api/status')).toEqual([]);
  expect(collector.one('GET /api/events/history').parentId).toBeNull();
});

it('A span of work that failed has the code of the error, and not its message.', async () => {
  const { app, collector, flush } = await startTraced();
  await app.graphql('mutation { resetTraffic(id: 9) { user { id } } }');
  await flush();
  expect(collector.one('use case resetTraffic').failure).toBe('NOT_FOUND');
  expect(collector.one('graphql mutation resetTraffic').failure).toBe('NOT_FOUND');
});

it('A poll that fails has a code.', async () => {
  let isFailing = false;
  const { app, collector, flush } = await startTraced({}, (wireguard) => {
    const { read } = wireguard;
    wireguard.read = async (stop) => {
      if (isFailing) throw new Error('a sentence of internals');
      return read(stop);
    };
  });
  isFailing = true;
  await app.polled();
  await flush();
  expect(collector.spans.find((span) => span.failure !== null)).toMatchObject({
    name: 'poll',
    failure: 'INTERNAL',
  });
  expect(JSON.stringify(collector.spans)).not.toContain('a sentence of internals');
});

it('The spans name no person, address, key, token, and no part of a path or a body.', async () => {
  const { app, collector, flush } = await startTraced({ WGQL_TOKEN: TOKEN });
  const authorization = `Bearer ${TOKEN}`;
  const preshared = plant(Buffer.alloc(32, 'abcdefghijklmnopq').toString('base64'));
  const input = {
    ...{ nickname: 'Zoe Private', mail: 'zoe@private.example', phone: '555-0100-22' },
    ...{ note: 'a private note', presharedKey: preshared, managed: true },
  };
  const changed = await app.graphql(
    'mutation Zoe($input: UpdateUserInput!) { updateUser(id: 1, input: $input) { user { id } } }',
    { input },
    { authorization },
  );
  expect(changed.errors).toBeUndefined();
  const literal = 'query Q { users(filter: { search: "zoe@private.example" }) { totalCount } }';
  expect((await app.graphql(literal, {}, { authorization })).errors).toBeUndefined();
  const created = await app.graphql(
    'mutation { createToken(input: { name: "zoe-private", role: VIEWER }) { secret } }',
    {},
    { authorization },
  );
  expect(created.errors).toBeUndefined();
  const paths = [
    `/api/users?search=${encodeURIComponent('Zoe Private')}`,
    '/api/users/zoe@private.example/enable',
    '/zoe-private',
    '/c/zoe-private',
    '/api/zoe-private',
  ];
  for (const path of paths) await fetch(`${app.url}${path}`, { headers: { authorization } });
  await flush();
  const text = JSON.stringify(collector.spans);
  expect(collector.one('graphql mutation updateUser')).toBeDefined();
  expect(text).not.toMatch(/private|zoe|555-0100/i);
  for (const secret of [
    app.online.publicKey,
    preshared,
    TOKEN,
    '192.0.2.1',
    '10.8.',
    '127.0.0.1',
  ]) {
    expect(text).not.toContain(secret);
  }
});

it('The resource has the name and the version of the program.', async () => {
  const { collector, flush } = await startTraced();
  await flush();
  expect(collector.resource).toMatchObject({
    'service.name': 'wgql',
    'service.version': expect.stringMatching(/^\d/),
  });
  expect(new Set(collector.requests.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
});

it('OTEL_SDK_DISABLED=true switches traces off.', async () => {
  const { collector, flush } = await startTraced({ OTEL_SDK_DISABLED: 'true' });
  await flush();
  expect(collector.requests).toEqual([]);
});

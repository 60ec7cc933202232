import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { expect, it } from 'vitest';
import { automaticDocuments } from '../../src/server/graphql/documents/automatic.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { openSocket, socketUrl, watchEvents } from '../live/support.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const QUERY = '{ dashboard { totalUsers } }';
const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(QUERY) } };
const NOT_FOUND = {
  message: 'PersistedQueryNotFound',
  extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
};

/** The media types that clients accept: the oldest one, and that of the GraphQL over HTTP specification. */
const ACCEPTED = [
  '*/*',
  'application/json',
  'application/graphql-response+json,application/json;q=0.9',
];

async function post(app: TestApp, accept: string, body: object) {
  const headers = { 'content-type': 'application/json', accept, 'accept-language': 'zh' };
  const answer = await app.rest('/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: answer.body };
}

it('an unknown hash without a query is answered with PersistedQueryNotFound, over POST and GET', async () => {
  const app = await startTestApp();
  for (const accept of ACCEPTED) {
    for (const more of [
      {},
      { query: null },
      { query: '' },
      { variables: {}, operationName: 'A' },
    ]) {
      expect(await post(app, accept, { extensions, ...more }), accept).toEqual({
        status: 200,
        body: { errors: [NOT_FOUND] },
      });
    }
    const params = new URLSearchParams({
      operationName: 'A',
      extensions: JSON.stringify(extensions),
    });
    const { status, body } = await app.rest(`/graphql?${params}`, { headers: { accept } });
    expect({ status, body }).toEqual({ status: 200, body: { errors: [NOT_FOUND] } });
  }
});

it('an unknown hash fails only that operation of a WebSocket or event stream', async () => {
  const app = await startTestApp();
  const socket = await openSocket(socketUrl(app));
  const send = (id: string, payload: object) => socket.send({ id, type: 'subscribe', payload });
  for (const id of ['a', 'b']) {
    send(id, { extensions });
    expect((await socket.received('error', id)).payload).toEqual([NOT_FOUND]);
  }
  send('c', { query: QUERY, extensions });
  expect((await socket.received('next', 'c')).payload).toEqual({
    data: { dashboard: { totalUsers: 0 } },
  });
  const unknown = { persistedQuery: { version: 1, sha256Hash: sha256('{ other }') } };
  const body = JSON.stringify({ extensions: unknown });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const { status, text } = await app.rest('/graphql', { method: 'POST', headers, body });
  expect(status).toBe(200);
  expect(text).toContain(`data: ${JSON.stringify({ errors: [NOT_FOUND] })}`);
  const stream = await watchEvents(app, 'subscription { dashboard { totalUsers } }');
  expect(await stream.next()).toEqual({ totalUsers: 0 });
});

const ANSWER = { data: { dashboard: { totalUsers: 0 } } };

it('a query that was sent with its hash runs by the hash alone, over every transport', async () => {
  const app = await startTestApp();
  for (const accept of ACCEPTED) {
    expect(await post(app, accept, { query: QUERY, extensions })).toEqual({
      ...{ status: 200, body: ANSWER },
    });
    expect(await post(app, accept, { extensions })).toEqual({ status: 200, body: ANSWER });
  }
  const params = new URLSearchParams({ extensions: JSON.stringify(extensions) });
  const byGet = await app.rest(`/graphql?${params}`, { headers: { accept: '*/*' } });
  expect(byGet.body).toEqual(ANSWER);
  const socket = await openSocket(socketUrl(app));
  socket.send({ id: 'a', type: 'subscribe', payload: { extensions } });
  expect((await socket.received('next', 'a')).payload).toEqual(ANSWER);
});

it('a query with a wrong hash runs, and is not stored', async () => {
  const app = await startTestApp();
  for (const hash of [sha256('{ status { demo } }'), 'wrong', 7, null, { toString: 1 }]) {
    const persisted = { persistedQuery: { version: 1, sha256Hash: hash } };
    const { status, body } = await post(app, '*/*', { query: QUERY, extensions: persisted });
    expect([status, body]).toEqual([200, ANSWER]);
    const named = await post(app, '*/*', { extensions: persisted });
    expect(named.body.errors[0].message, JSON.stringify(hash)).toBe('PersistedQueryNotFound');
    const socket = await openSocket(socketUrl(app));
    socket.send({ id: 'a', type: 'subscribe', payload: { extensions: persisted } });
    const [error] = (await socket.received('error', 'a')).payload as { message: string }[];
    expect(error?.message).toBe('PersistedQueryNotFound');
  }
});

it('the queries that were used least recently are forgotten, and not too much text is kept', () => {
  const naming = (query: string) => ({ persistedQuery: { sha256Hash: sha256(query) } });
  const documents = automaticDocuments();
  const run = (query: string) => documents.textOf({ query, extensions: naming(query) });
  const isKept = (query: string) => {
    try {
      return documents.textOf({ extensions: naming(query) }) === query;
    } catch {
      return false;
    }
  };
  run(QUERY);
  for (let number = 0; number < 999; number++) run(`{ a${number}: __typename }`);
  expect(isKept(QUERY)).toBe(true);
  for (let number = 999; number < 1_999; number++) run(`{ a${number}: __typename }`);
  expect(isKept(QUERY)).toBe(false);
  run(QUERY);
  for (let number = 0; number < 9; number++) run(`# ${number} ${'x'.repeat(500_000)}`);
  expect(isKept(QUERY)).toBe(false);
});

it('a request without hash and query is rejected because it has no query', async () => {
  const app = await startTestApp();
  for (const other of [{}, { extensions: {} }, { extensions: { persistedQuery: null } }]) {
    const { status, body } = await post(app, '*/*', other);
    expect(status).toBe(400);
    expect(body.errors[0].extensions.code).toBe('INVALID_ARGUMENT');
  }
});

it.each([false, true])(
  'Apollo Client with persisted queries is served (by GET: %s)',
  async (byGet) => {
    const app = await startTestApp();
    const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: byGet });
    const client = new ApolloClient({
      link: persisted.concat(new HttpLink({ uri: `${app.url}/graphql` })),
      cache: new InMemoryCache(),
    });
    for (const query of [
      gql`query A { dashboard { totalUsers } }`,
      gql`query B { status { demo } }`,
    ]) {
      const { data } = await client.query({ query });
      expect(data).toBeTruthy();
    }
  },
);

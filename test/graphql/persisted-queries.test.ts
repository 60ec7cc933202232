import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { openSocket, socketUrl, watchEvents } from '../live/support.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const QUERY = '{ dashboard { totalUsers } }';
const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(QUERY) } };
const UNSUPPORTED = {
  message: 'PersistedQueryNotSupported',
  extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
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

it('a hash without a query is answered with PersistedQueryNotSupported, over POST and GET', async () => {
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
        body: { errors: [UNSUPPORTED] },
      });
    }
    const params = new URLSearchParams({
      operationName: 'A',
      extensions: JSON.stringify(extensions),
    });
    const { status, body } = await app.rest(`/graphql?${params}`, { headers: { accept } });
    expect({ status, body }).toEqual({ status: 200, body: { errors: [UNSUPPORTED] } });
  }
});

it('a hash without a query fails only that operation of a WebSocket or event stream', async () => {
  const app = await startTestApp();
  const socket = await openSocket(socketUrl(app));
  const send = (id: string, payload: object) => socket.send({ id, type: 'subscribe', payload });
  for (const id of ['a', 'b']) {
    send(id, { extensions });
    expect((await socket.received('error', id)).payload).toEqual([UNSUPPORTED]);
  }
  send('c', { query: QUERY, extensions });
  expect((await socket.received('next', 'c')).payload).toEqual({
    data: { dashboard: { totalUsers: 0 } },
  });
  const body = JSON.stringify({ extensions });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const { status, text } = await app.rest('/graphql', { method: 'POST', headers, body });
  expect(status).toBe(200);
  expect(text).toContain(`data: ${JSON.stringify({ errors: [UNSUPPORTED] })}`);
  const stream = await watchEvents(app, 'subscription { dashboard { totalUsers } }');
  expect(await stream.next()).toEqual({ totalUsers: 0 });
});

it('a hash with a query is ignored and not stored', async () => {
  const app = await startTestApp();
  for (const accept of ACCEPTED) {
    for (const hash of [sha256(QUERY), 'wrong', 7, null]) {
      const persisted = { persistedQuery: { version: 1, sha256Hash: hash } };
      const { status, body } = await post(app, accept, { query: QUERY, extensions: persisted });
      expect(status).toBe(200);
      expect(body).toEqual({ data: { dashboard: { totalUsers: 0 } } });
    }
    expect((await post(app, accept, { extensions })).body).toEqual({ errors: [UNSUPPORTED] });
  }
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

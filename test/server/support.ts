import { once } from 'node:events';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { expect } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { TestApp, TestAppOptions } from '../fixtures/test-app.ts';
import { within } from '../live/support.ts';
import {
  type Fleet,
  type RawAnswer,
  type RawRequest,
  startFleet,
  stateOf,
} from '../rest/support.ts';

export const TOKEN = 'a-token-of-more-than-thirty-two-characters';
export const BEARER = { authorization: `Bearer ${TOKEN}` };
export const MUTATION = 'mutation { setUserEnabled(id: 1, enabled: false) { user { enabled } } }';

export type Headers = Record<string, string>;

/** A read and changes of every kind, over HTTP through both APIs. */
export const READS: readonly RawRequest[] = [
  { path: '/api/users' },
  { path: '/api/users/management' },
  { path: `/graphql?query=${encodeURIComponent('{ dashboard { totalUsers } }')}` },
];
export const CHANGES: readonly RawRequest[] = [
  { path: '/api/users/1/disable' },
  { path: '/api/users/1/action?action=disable' },
  { method: 'POST', path: '/api/users/1/disable' },
  jsonPost('/api/users/1/update', { nickname: 'changed' }),
  {
    method: 'POST',
    path: '/api/users/1/update',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'nickname=changed',
  },
  // A page can send this without a preflight, and it is still parsed as JSON.
  ...['text/plain', 'application/x-www-form-urlencoded'].map((type) => ({
    method: 'POST',
    path: '/api/users/1/update',
    headers: { 'content-type': type },
    body: '{"nickname":"changed"}',
  })),
  jsonPost('/graphql', { query: MUTATION }),
];

/** Requests to every kind of path. */
export const EVERYWHERE: readonly RawRequest[] = [
  ...READS,
  ...CHANGES,
  { path: '/healthz' },
  { path: '/readyz' },
  { path: '/nothing' },
  { path: '/graphql', headers: { accept: 'text/html' } },
  { method: 'OPTIONS', path: '/api/users' },
];

/** Writes raw bytes, and reads until the server closes the connection. */
export function exchange(app: Fleet, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.write(bytes);
  return within('the end of the connection', readText(socket));
}

/** Starts a fleet for a test of requests that must change nothing. */
export async function startUnchangedFleet(options: TestAppOptions = {}) {
  const app = await startFleet(options);
  return { app, expectUnchanged: await stateKept(app) };
}

/** The returned function checks that nothing has changed since this call. */
export async function stateKept(app: TestApp): Promise<() => Promise<void>> {
  const before = await stateOf(app);
  return async () => expect(await stateOf(app)).toEqual(before);
}

export function jsonPost(path: string, body: unknown): RawRequest {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}

export function withHeaders(request: RawRequest, headers: Headers): RawRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

/** Returns 101 if a WebSocket was opened, otherwise the status of the rejection. */
export async function upgradeStatus(
  app: TestApp,
  headers: Headers = {},
  options: ClientOptions & { readonly path?: string } = {},
): Promise<number> {
  const { path = '/graphql', ...more } = options;
  const url = `${app.url.replace('http', 'ws')}${path}`;
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers, ...more });
  socket.on('error', () => {});
  const opened = once(socket, 'open').then(() => 101);
  const refused = once(socket, 'unexpected-response').then(
    ([, response]) => response.statusCode as number,
  );
  const status = await within('the answer to the upgrade', Promise.race([opened, refused]));
  socket.terminate();
  return status;
}

/** The error codes of a response of either API. */
export function codeOf({ text }: RawAnswer): string {
  const body = JSON.parse(text);
  return body.code ?? body.errors[0].extensions.code;
}

import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { TestApp } from '../../fixtures/test-app.ts';
import { openSocket, socketUrl, within } from '../../live/support.ts';
import { startFleet } from '../../rest/support.ts';
import { BEARER, TOKEN } from '../support.ts';

const OTHER = 'another-token-of-more-than-thirty-two-characters';
const BASIC = `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}`;

const startWithToken = () => startFleet({ env: { WGQL_TOKEN: TOKEN } });

async function expectAccepted(app: TestApp, payload: object) {
  const socket = await openSocket(socketUrl(app), payload);
  socket.send({ id: '1', type: 'subscribe', payload: { query: '{ status { demo } }' } });
  const answer = await socket.received('next', '1');
  expect(answer.payload, JSON.stringify(payload)).toEqual({ data: { status: { demo: false } } });
  socket.socket.terminate();
}

/** How the server closes a WebSocket that sends this payload. */
async function closeOf(app: TestApp, payload: object, headers: Record<string, string> = {}) {
  const socket = new WebSocket(socketUrl(app), 'graphql-transport-ws', { headers });
  await within('the socket', once(socket, 'open'));
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  const [code, reason] = await within('the close', once(socket, 'close'));
  return { code, reason: String(reason) };
}

describe('a token in connection_init', () => {
  it('is accepted in all fields that clients use, with and without Bearer', async () => {
    const app = await startWithToken();
    for (const value of [TOKEN, `Bearer ${TOKEN}`, `bearer  ${TOKEN} `, BASIC]) {
      for (const payload of [
        { Authorization: value },
        { authorization: value },
        { AUTHORIZATION: value },
        { authToken: value },
        { token: value },
        { accessToken: value },
        { access_token: value },
        { headers: { Authorization: value } },
        { headers: { authorization: value } },
        { headers: { authorization: value, 'x-client': 'app' }, lang: 'en' },
      ]) {
        await expectAccepted(app, payload);
      }
    }
  });

  it('may be given twice if it is the same, and with fields that are empty or not text', async () => {
    const app = await startWithToken();
    for (const payload of [
      { authToken: TOKEN, headers: { Authorization: `Bearer ${TOKEN}` } },
      { Authorization: `bearer ${TOKEN}`, authorization: TOKEN },
      { Authorization: '', authToken: TOKEN },
      { Authorization: 'Bearer ', token: TOKEN },
      { Authorization: null, token: 7, headers: 'none', accessToken: TOKEN },
      { headers: { Authorization: ['x'] }, accessToken: TOKEN },
    ]) {
      await expectAccepted(app, payload);
    }
  });

  it('is rejected together with a different one, and neither is repeated', async () => {
    const app = await startWithToken();
    for (const payload of [
      { Authorization: `Bearer ${TOKEN}`, authToken: OTHER },
      { headers: { Authorization: TOKEN }, token: OTHER },
      { headers: { Authorization: OTHER, authorization: TOKEN } },
    ]) {
      const { code, reason } = await closeOf(app, payload);
      expect(code).toBe(4401);
      expect(reason).toBe('connection_init contains two different tokens; send one.');
    }
    expect(app.log.join('')).not.toContain(OTHER);
    expect(app.log.join('')).not.toContain(TOKEN);
  });

  it('is rejected if it is wrong or missing', async () => {
    const app = await startWithToken();
    for (const payload of [
      { authToken: OTHER },
      { headers: { Authorization: `Bearer ${OTHER}` } },
      { Authorization: 'Bearer' },
      { other: TOKEN },
      { headers: { other: TOKEN } },
      { nested: { headers: { Authorization: TOKEN } } },
      {},
    ]) {
      expect((await closeOf(app, payload)).code, Object.keys(payload).join()).toBe(4401);
    }
    expect(app.log.join('')).not.toContain(OTHER);
  });

  it('takes precedence over the header of the upgrade, which is used if the payload has none', async () => {
    const app = await startWithToken();
    expect((await closeOf(app, { authToken: OTHER }, BEARER)).code).toBe(4401);
    const socket = new WebSocket(socketUrl(app), 'graphql-transport-ws', { headers: BEARER });
    await within('the socket', once(socket, 'open'));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authToken: '' } }));
    const [message] = await within('the answer', once(socket, 'message'));
    expect(JSON.parse(String(message)).type).toBe('connection_ack');
    socket.terminate();
  });
});

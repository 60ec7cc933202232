import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { shared } from '../fixtures/shared.ts';
import { send, startFleet, stateOf } from './support.ts';

const READING = [
  '/api/users',
  '/api/users/management',
  '/api/events',
  '/api/events/history',
  '/api/status',
  '/api/dashboard',
  '/api/traffic/chart',
];
const ACTING = ['action?action=disable', 'disable', 'enable', 'reset', 'kick', 'delete'].map(
  (action) => `/api/users/1/${action}`,
);

/** For tests that change nothing. */
const fleet = shared(() => startFleet());

describe('every answer', () => {
  it('is JSON and readable by any origin, also for an unknown path', async () => {
    const app = fleet();
    for (const path of READING) {
      const { status, headers } = await app.rest(path, {
        headers: { origin: 'http://page.example' },
      });
      expect(status, path).toBe(200);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
    for (const path of [
      '/api',
      '/api/',
      '/api/nothing',
      '/api/users/1',
      '/api/USERS',
      '/nothing',
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status, body, headers } = await app.rest(path, { method });
        expect(status, `${method} ${path}`).toBe(404);
        expect(body).toMatchObject({ status: 'error', code: 'NOT_FOUND' });
        expect(body.message).toMatch(/路径/);
        expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(headers.get('access-control-allow-origin')).toBe('*');
      }
    }
    const english = await app.rest('/api/nothing', { headers: { 'accept-language': 'en' } });
    expect(english.body.message).toMatch(/^There is no such path/);
  });

  it('to a path with broken percent-encoding is a client error', async () => {
    const app = fleet();
    for (const path of ['/api/users/%ff/update', '/api/users/%/enable', '/api/users?search=%ff']) {
      const { status, headers } = await send(app, { path });
      expect(status, path).toBeLessThan(500);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    }
  });
});

describe('methods', () => {
  it('that a path does not support are answered 405 with those it supports', async () => {
    const app = fleet();
    const before = await stateOf(app);
    for (const [path, allow, methods] of [
      ['/api/users', ['GET', 'HEAD', 'POST', 'OPTIONS'], ['PUT', 'DELETE', 'PATCH']],
      ['/api/users/management', ['GET', 'HEAD', 'OPTIONS'], ['POST', 'PUT', 'DELETE']],
      ['/api/events', ['GET', 'HEAD', 'OPTIONS'], ['POST', 'DELETE']],
      ['/api/status', ['GET', 'HEAD', 'OPTIONS'], ['POST']],
      ['/api/dashboard', ['GET', 'HEAD', 'OPTIONS'], ['POST']],
      ['/api/traffic/chart', ['GET', 'HEAD', 'OPTIONS'], ['POST']],
      ['/api/users/create', ['POST', 'OPTIONS'], ['GET', 'HEAD', 'PUT']],
      ['/api/users/1/update', ['POST', 'OPTIONS'], ['GET', 'HEAD', 'PUT', 'PATCH']],
      ...ACTING.map((one) => [one, ['GET', 'POST', 'OPTIONS'], ['HEAD', 'PUT', 'DELETE']] as const),
    ] as const) {
      for (const method of methods) {
        const { status, headers, text } = await send(app, { method, path });
        expect(status, `${method} ${path}`).toBe(405);
        expect(String(headers.allow).split(/, */).sort()).toEqual([...allow].sort());
        expect(headers['access-control-allow-origin']).toBe('*');
        if (method !== 'HEAD')
          expect(JSON.parse(text)).toMatchObject({ status: 'error', code: 'METHOD_NOT_ALLOWED' });
      }
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('include HEAD on every reading path, answered like GET without the body', async () => {
    const app = fleet();
    for (const path of READING) {
      const get = await send(app, { path });
      const head = await send(app, { method: 'HEAD', path });
      expect(head.status, path).toBe(200);
      expect(head.text).toBe('');
      for (const name of ['content-type', 'x-total-count', 'access-control-allow-origin']) {
        expect(head.headers[name]).toBe(get.headers[name]);
      }
    }
  });

  it('include OPTIONS on every path, answered 204 with what a browser may send', async () => {
    const app = fleet();
    const before = await stateOf(app);
    for (const path of [
      ...READING,
      ...ACTING,
      '/api/users/create',
      '/api/users/1/update',
      '/api/nothing',
    ]) {
      const { status, headers, text } = await send(app, {
        method: 'OPTIONS',
        path,
        headers: { origin: 'http://page.example', 'access-control-request-method': 'POST' },
      });
      expect(status, path).toBe(204);
      expect(text).toBe('');
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-allow-methods']).toBe('GET, POST, OPTIONS');
      expect(headers['access-control-allow-headers']).toBe('Content-Type, Authorization');
    }
    expect(await stateOf(app)).toEqual(before);
  });
});

describe('bodies', () => {
  const PATHS = ['/api/users/create', '/api/users/1/update', '/api/users/1/disable'];

  it('that are too large are answered 413, even without Content-Length', async () => {
    const app = fleet();
    const before = await stateOf(app);
    const body = JSON.stringify({ nickname: 'x'.repeat(1_100_000) });
    const headers = { 'content-type': 'application/json' };
    for (const path of PATHS) {
      for (const chunked of [false, true]) {
        const answer = await send(app, { method: 'POST', path, headers, body, chunked });
        expect(answer.status, path).toBe(413);
        expect(JSON.parse(answer.text)).toMatchObject({
          status: 'error',
          code: 'PAYLOAD_TOO_LARGE',
        });
        expect(answer.headers['access-control-allow-origin']).toBe('*');
      }
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const large = await send(app, {
      method: 'POST',
      path: PATHS[1] as string,
      headers: form,
      body: `note=${'x'.repeat(1_100_000)}`,
    });
    expect(large.status).toBe(413);
    expect(await stateOf(app)).toEqual(before);
  });

  it('of another type, charset or encoding are answered 415', async () => {
    const app = fleet();
    const before = await stateOf(app);
    const kinds: readonly (readonly [Record<string, string>, string])[] = [
      [{ 'content-type': 'text/plain' }, 'nickname=x'],
      [{ 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
      [{ 'content-type': 'application/xml' }, '<nickname>x</nickname>'],
      [{ 'content-type': 'application/json; charset=koi8-r' }, '{"nickname":"x"}'],
      [{ 'content-type': 'application/json', 'content-encoding': 'rot13' }, '{"nickname":"x"}'],
      [{}, 'nickname=x'],
    ];
    for (const [headers, body] of kinds) {
      for (const path of PATHS) {
        for (const chunked of [false, true]) {
          const answer = await send(app, {
            method: 'POST',
            path,
            headers,
            body,
            chunked,
          });
          expect(answer.status, JSON.stringify(headers)).toBe(415);
          expect(JSON.parse(answer.text)).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
          expect(answer.headers['access-control-allow-origin']).toBe('*');
        }
      }
    }
    expect(await stateOf(app)).toEqual(before);
  });
});

describe('requests that change something', () => {
  it('are answered with Cache-Control: no-store, also if they are rejected', async () => {
    const app = await startFleet();
    for (const path of [...ACTING, '/api/users/1/action', '/api/users/9/disable']) {
      const { headers } = await send(app, { path });
      expect(headers['cache-control'], path).toBe('no-store');
    }
  });
});

describe('the Host header', () => {
  it('is accepted with an address or localhost, and rejected with a name that is not configured', async () => {
    const app = await startFleet({ env: { WGQL_ALLOWED_HOSTS: 'Wg.Example.com, other.test' } });
    const before = await stateOf(app);
    for (const host of [
      '127.0.0.1',
      '10.1.2.3:8000',
      '[::1]:8000',
      'localhost:1234',
      'LOCALHOST',
      'wg.example.com:8000',
      'other.test',
    ]) {
      expect((await send(app, { path: '/api/users', headers: { host } })).status, host).toBe(200);
    }
    for (const host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:8000',
      '127.0.0.1:80@evil.example',
    ]) {
      for (const path of ['/api/users', '/api/users/1/disable', '/graphql', '/healthz']) {
        const { status, text, headers } = await send(app, { path, headers: { host } });
        expect(status, `${host} ${path}`).toBe(403);
        expect(JSON.parse(text)).toMatchObject({ status: 'error', code: 'FORBIDDEN' });
        expect(headers['content-type']).toBe('application/json; charset=utf-8');
      }
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('is required', async () => {
    const app = fleet();
    const { port } = new URL(app.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end('GET /api/users HTTP/1.0\r\n\r\n');
    expect(await readText(socket)).toMatch(/^HTTP\/1\.1 40[03] /);
  });
});

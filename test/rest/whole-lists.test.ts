import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { addManySessions } from '../fixtures/many-sessions.ts';
import { startTestApp, type TestApp, type TestAppOptions } from '../fixtures/test-app.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { within } from '../live/support.ts';
import { send } from './support.ts';

const USERS = 500;

/** A number that can be read completely while other tests run. */
const MANY_SESSIONS = 120_000;

/** More users than the buffers of one connection hold. */
const FEW = 60_000;

const presented = vi.hoisted(() => ({ sessions: 0 }));

// The number of rows converted to a response so far, whether or not the client has read them.
vi.mock('../../src/rest/present.ts', async (original) => {
  const real = await original<typeof import('../../src/rest/present.ts')>();
  const presentSession: typeof real.presentSession = (...args) => {
    presented.sessions++;
    return real.presentSession(...args);
  };
  return { ...real, presentSession };
});

async function startWithSessions(sessions: number, options: TestAppOptions = {}): Promise<TestApp> {
  const app = await startTestApp(options);
  await app.restart({}, () =>
    addManySessions(databaseOf(app), { users: USERS, sessions, untilMs: app.clock.wallMs() }),
  );
  presented.sessions = 0;
  return app;
}

const databaseOf = ({ folder }: TestApp) => join(folder, 'wgql.db');

/** A response whose body has not been read yet. */
async function begin(app: TestApp, path: string): Promise<IncomingMessage> {
  const outgoing = get(`${app.url}${path}`, { agent: false });
  const [response] = await within('the answer', once(outgoing, 'response'));
  response.on('error', () => {});
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Whether a snapshot prevents SQLite from truncating its WAL. */
function holdsSnapshot(app: TestApp): boolean {
  const other = new Database(databaseOf(app), { timeout: 0 });
  other.exec(`UPDATE "User" SET "note" = 'changed' WHERE "id" = 1`);
  const [{ busy }] = other.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
  other.close();
  return busy === 1;
}

describe('a list of very many sessions', () => {
  it('is read at the speed of the client, from a snapshot taken at the request', async () => {
    const app = await startWithSessions(MANY_SESSIONS);
    const response = await begin(app, '/api/events/history');
    expect(response.headers['x-total-count']).toBe(String(MANY_SESSIONS));
    expect(presented.sessions).toBeLessThan(FEW);

    // Meanwhile, other clients get responses and change the listed data.
    const page = await app.rest('/api/events/history?per_page=1');
    expect(page.body).toMatchObject([{ id: MANY_SESSIONS }]);
    const other = new Database(databaseOf(app));
    other.exec('DELETE FROM "Session" WHERE "id" % 2 = 1');
    other.close();
    expect((await app.rest('/api/users?per_page=1')).status).toBe(200);
    expect(presented.sessions).toBeLessThan(FEW);

    const text = await textOf(response);
    expect(presented.sessions).toBe(MANY_SESSIONS + 1);
    const ids = [...text.matchAll(/\{"id":(\d+),/g)].map(([, id]) => Number(id));
    expect(ids.length).toBe(MANY_SESSIONS);
    expect(ids.every((id, index) => id === MANY_SESSIONS - index)).toBe(true);
    expect(text.endsWith(']')).toBe(true);
    expect(text).toContain('"session_rx":9007199254740994,"session_tx":1,');
  });

  it('is read no further once its client has left', async () => {
    const app = await startWithSessions(MANY_SESSIONS);
    const response = await begin(app, '/api/events/history');
    expect(holdsSnapshot(app)).toBe(true);
    response.destroy();
    await waitFor('the end of the reading', async () => !holdsSnapshot(app));
    expect(presented.sessions).toBeLessThan(FEW);
  });

  it('is read no further once its client has read nothing for too long', async () => {
    const app = await startWithSessions(MANY_SESSIONS, { limits: { silentForMs: 300 } });
    const response = await begin(app, '/api/events/history');
    await waitFor('the end of the reading', async () => !holdsSnapshot(app));
    await expect(textOf(response)).rejects.toThrow();
    expect(presented.sessions).toBeLessThan(FEW);
  });

  it('is closed at any point when the program stops', async () => {
    const app = await startWithSessions(MANY_SESSIONS);
    const response = await begin(app, '/api/events/history');
    await within('the stop', app.app.stop());
    await expect(textOf(response)).rejects.toThrow();
    expect(existsSync(`${databaseOf(app)}-wal`)).toBe(false);
  });
});

describe('a whole list', () => {
  it.each([
    '/api/users?',
    '/api/users/management?',
    '/api/users/management?search=USER&status=offline',
    '/api/events?',
    '/api/events/history?',
    '/api/events/history?user_id=7',
    '/api/events/history?status=offline',
    '/api/events/history?status=online',
  ])('has the same bytes as its pages: %s', async (path) => {
    const app = await startWithSessions(1_200);
    const whole = await app.rest(path);
    const pages = [];
    for (const page of [1, 2]) {
      pages.push((await app.rest(`${path}&page=${page}&per_page=1000`)).text.slice(1, -1));
    }
    expect(whole.text).toBe(`[${pages.filter((text) => text !== '').join()}]`);
    expect(whole.headers.get('x-total-count')).toBe(String(whole.body.length));
  });

  it('contains the sessions of a time range, like its pages', async () => {
    const app = await startWithSessions(1_200);
    const time = (minutesAgo: number) =>
      new Date(app.clock.wallMs() - minutesAgo * 60_000).toISOString();
    const path = `/api/events/history?from=${time(300)}&to=${time(100)}`;
    for (const more of ['', '&status=offline', '&status=online', '&user_id=7']) {
      const whole = await app.rest(`${path}${more}`);
      expect(whole.text).toBe((await app.rest(`${path}${more}&per_page=1000`)).text);
      expect(whole.headers.get('x-total-count')).toBe(String(whole.body.length));
    }
    expect((await app.rest(path)).body.length).toBeGreaterThan(100);
  });

  it('is not read for HEAD, which returns its length', async () => {
    const app = await startWithSessions(1_200);
    const answer = await app.rest('/api/events/history', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers.get('x-total-count')).toBe('1200');
    expect(presented.sessions).toBe(0);
    await waitFor('the end', async () => !holdsSnapshot(app));
  });

  it('is rejected before its first byte if a parameter is invalid', async () => {
    const app = await startWithSessions(10);
    const answer = await send(app, { path: '/api/events/history?status=odd' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

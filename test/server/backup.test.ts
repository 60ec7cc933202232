import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { logIn } from '../fixtures/logins.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { makeStaff, makeToken } from '../fixtures/tokens.ts';
import { waitFor } from '../fixtures/tunnel.ts';
import { within } from '../live/support.ts';
import { startFleet } from '../rest/support.ts';

const copiesIn = async (app: TestApp) =>
  (await readdir(app.folder)).filter((name) => name.includes('download'));

/** Makes the database larger than what the network buffers, and its copy take some time. */
function enlarge(app: TestApp, megabytes: number): void {
  const file = new Database(`${app.folder}/wgql.db`);
  file.exec(`CREATE TABLE "Ballast" ("bytes" BLOB);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${megabytes})
    INSERT INTO "Ballast" SELECT randomblob(1000000) FROM n`);
  file.close();
}

/** Asks for a backup without reading it. */
function begin(app: TestApp, headers: Record<string, string>): ClientRequest {
  const outgoing = request(`${app.url}/backup`, { headers, agent: false }).end();
  outgoing.on('error', () => {});
  onTestFinished(() => void outgoing.destroy());
  return outgoing;
}

async function answerOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [response] = await within('the answer', once(outgoing, 'response'));
  return response;
}

describe('GET /backup', () => {
  it('sends a copy of the database that opens and has the users', async () => {
    const app = await startFleet();
    const { admin } = await makeStaff(app);
    const login = await logIn(app, admin.secret);
    app.clock.advance(1_000);
    for (const headers of [admin.headers, login.headers]) {
      const response = await answerOf(begin(app, headers));
      expect(response.statusCode).toBe(200);
      const bytes = await buffer(response);
      expect(response.headers).toMatchObject({
        'content-type': 'application/vnd.sqlite3',
        'content-disposition': 'attachment; filename="wgql-20260115-120001.db"',
        'content-length': String(bytes.length),
        'cache-control': 'no-store',
      });
      const path = join(app.folder, 'received.db');
      await writeFile(path, bytes);
      const file = new Database(path, { readonly: true });
      const keys = file.prepare('SELECT "publicKey" FROM "User" ORDER BY "id"').pluck().all();
      const checked = file.pragma('integrity_check', { simple: true });
      file.close();
      expect(keys).toEqual([app.online.publicKey, app.offline.publicKey]);
      expect(checked).toBe('ok');
      expect(await copiesIn(app)).toEqual([]);
    }
  });

  it('has the local time in the name of the file', async () => {
    const app = await startTestApp({ env: { WGQL_TIME_ZONE: 'Asia/Shanghai' } });
    const response = await answerOf(begin(app, {}));
    await buffer(response);
    expect(response.headers['content-disposition']).toContain('"wgql-20260115-200000.db"');
  });

  it('needs the role admin, and is the only method', async () => {
    const app = await startFleet();
    const { admin, operator, viewer } = await makeStaff(app);
    const self = await makeToken(app, { name: 's', role: 'SELF', owner: 'Bob' }, admin.headers);
    const statusOf = async (headers: Record<string, string>, method = 'GET') => {
      const answer = await app.rest('/backup', { headers, method });
      return [answer.status, method === 'HEAD' ? null : answer.body.code];
    };
    for (const { headers } of [operator, viewer, self]) {
      expect(await statusOf(headers)).toEqual([403, 'FORBIDDEN']);
    }
    expect(await statusOf({})).toEqual([401, 'UNAUTHENTICATED']);
    expect(await statusOf(admin.headers, 'POST')).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(await statusOf(admin.headers, 'HEAD')).toEqual([405, null]);
    const cookie = `wgql_login_${new URL(app.url).port}=x`;
    const foreign = { 'sec-fetch-site': 'cross-site', cookie };
    expect(await statusOf(foreign)).toEqual([403, 'FORBIDDEN']);
    expect(await copiesIn(app)).toEqual([]);
  });

  it('leaves no file when the client goes away while it is made', async () => {
    const app = await startFleet();
    enlarge(app, 60);
    const outgoing = begin(app, {});
    await waitFor('the copy', async () => (await copiesIn(app)).length > 0, { everyMs: 1 });
    outgoing.destroy();
    await waitFor('its end', async () => (await copiesIn(app)).length === 0, { everyMs: 1 });
    const answer = await answerOf(begin(app, {}));
    expect(answer.statusCode).toBe(200);
    expect(app.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });

  it('leaves no file when the server stops while it is made', async () => {
    const app = await startFleet();
    enlarge(app, 60);
    begin(app, {});
    await waitFor('the copy', async () => (await copiesIn(app)).length > 0, { everyMs: 1 });
    await app.restart();
    expect(await copiesIn(app)).toEqual([]);
  });

  it('is sent one at a time, without a name on the disk', async () => {
    const app = await startFleet();
    enlarge(app, 60);
    const first = begin(app, {});
    const response = await answerOf(first);
    expect(await copiesIn(app)).toEqual([]);
    const second = await app.rest('/backup');
    expect([second.status, second.body.code]).toEqual([429, 'RATE_LIMITED']);
    response.destroy();
    await waitFor('its end', async () => {
      const next = begin(app, {});
      const { statusCode } = await answerOf(next);
      next.destroy();
      return statusCode === 200;
    });
  });

  it('is made while polls are recorded, and users are changed', async () => {
    const app = await startFleet();
    enlarge(app, 60);
    const received = answerOf(begin(app, {})).then(buffer);
    await waitFor('the copy', async () => (await copiesIn(app)).length > 0, { everyMs: 1 });
    app.online.rxBytes += 5n;
    await app.polled();
    expect((await app.rest('/api/users/1/disable')).status).toBe(200);
    expect((await app.rest('/api/dashboard')).body.total_rx).toBe(5);
    expect((await within('the backup', received)).length).toBeGreaterThan(60_000_000);
  });
});

describe('the start', () => {
  it('deletes the copies that a process left which was killed', async () => {
    const app = await startFleet();
    const path = (name: string) => join(app.folder, name);
    await mkdir(path('wgql.db.download.new-Ab12'));
    await writeFile(path('wgql.db.download.new-Ab12/wgql.db.download'), 'half');
    await writeFile(path('wgql.db.download'), 'whole');
    await writeFile(path('wgql.db.downloads'), 'of somebody else');
    await app.restart();
    expect(await copiesIn(app)).toEqual(['wgql.db.downloads']);
  });
});

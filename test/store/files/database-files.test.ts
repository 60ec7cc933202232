import { link, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { copyDatabase } from '../../../src/store/files/copy-database.ts';
import { newPublicKey } from '../../fixtures/fake-interface.ts';
import { startTestApp, type TestApp } from '../../fixtures/test-app.ts';

const ENGLISH = { 'accept-language': 'en' };

async function startWithUser(): Promise<{ readonly app: TestApp; readonly path: string }> {
  const app = await startTestApp({ prepare: (wireguard) => void wireguard.interface() });
  expect((await app.post('/api/users/create', { peer_pubkey: newPublicKey() })).status).toBe(200);
  await app.polled();
  return { app, path: join(app.folder, 'wgql.db') };
}

async function expectRefusals(app: TestApp, reason: RegExp): Promise<void> {
  const user = { peer_pubkey: newPublicKey(), nickname: 'lost' };
  const created = await app.post('/api/users/create', user, ENGLISH);
  expect([created.status, created.body.code]).toEqual([503, 'UNAVAILABLE']);
  expect(created.body.message).toMatch(reason);
  expect(created.text).not.toContain(app.folder);
  const { errors } = await app.graphql(
    'mutation { updateUser(id: 1, input: { nickname: "lost" }) { user { id } } }',
    {},
    ENGLISH,
  );
  expect(errors?.[0]).toMatchObject({
    message: expect.stringMatching(reason),
    extensions: { code: 'UNAVAILABLE' },
  });
  const ready = await app.rest('/readyz', { headers: ENGLISH });
  expect([ready.status, ready.body.message]).toEqual([503, expect.stringMatching(reason)]);
}

/** A poll fails when its clock moves on with something to write. */
async function expectReport(app: TestApp, reason: RegExp): Promise<void> {
  await app.eventually('the reason in the status', async () => {
    const { body } = await app.rest('/api/status', { headers: ENGLISH });
    return reason.test(body.last_error ?? body.message ?? '');
  });
  expect(app.log.join('\n')).toMatch(reason);
}

const GONE = /deleted, renamed or replaced/;

describe('under a running server, the database', () => {
  it.each([
    ['deleted', (path: string) => unlink(path)],
    ['renamed', (path: string) => rename(path, `${path}.old`)],
    ['without its WAL', (path: string) => unlink(`${path}-wal`)],
    ['without its shared memory', (path: string) => unlink(`${path}-shm`)],
    ['without its folder', (path: string) => rm(dirname(path), { recursive: true })],
    [
      'replaced by a copy',
      async (path: string) => {
        await copyDatabase(path, `${path}.copy`);
        await rename(`${path}.copy`, path);
      },
    ],
  ])('%s takes no change, and says so everywhere', async (_, harm) => {
    const { app, path } = await startWithUser();
    await harm(path);
    await expectRefusals(app, GONE);
    await expectReport(app, GONE);
    // The server closes what is left of its files.
    await mkdir(dirname(path), { recursive: true });
  });

  it('that was moved is logged once for all requests, with its own message', async () => {
    const { app, path } = await startWithUser();
    await rename(path, `${path}.old`);
    for (let n = 0; n < 5; n++) await expectRefusals(app, GONE);
    const entries = app.log.map((line) => JSON.parse(line));
    const said = entries.filter(({ reason = '' }) => reason.includes('no longer the file'));
    // Once for the requests, and once for the polls, which may meet it too.
    expect([1, 2]).toContain(said.length);
    for (const { level, msg, err } of said) {
      expect([level, err]).toEqual([40, undefined]);
      expect(msg).toMatch(GONE);
    }
    expect(app.log.join()).not.toContain('unexpected failure');
  });

  it('that was moved can be written again once it is back', async () => {
    const { app, path } = await startWithUser();
    await rename(path, `${path}.old`);
    await expectRefusals(app, GONE);
    await rename(`${path}.old`, path);
    const user = { peer_pubkey: newPublicKey(), nickname: 'kept' };
    expect((await app.post('/api/users/create', user)).status).toBe(200);
    expect((await app.rest('/readyz')).status).toBe(200);
    await app.restart();
    expect((await app.rest('/api/users')).body).toMatchObject([{}, { nickname: 'kept' }]);
  });

  it('that was replaced by a copy is read from the copy after a restart', async () => {
    const { app, path } = await startWithUser();
    await copyDatabase(path, `${path}.copy`);
    await rename(`${path}.copy`, path);
    await expectRefusals(app, GONE);
    await app.restart();
    expect((await app.rest('/api/users')).body).toHaveLength(1);
    expect((await app.post('/api/users/create', { peer_pubkey: newPublicKey() })).status).toBe(200);
  });

  it('that was overwritten is reported as damaged everywhere', async () => {
    const { app, path } = await startWithUser();
    // A handle that is closed while the program runs would release its locks.
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(200_000, 7), 0, null, 0);
    const damaged = /is damaged/;
    const ready = await app.rest('/readyz', { headers: ENGLISH });
    expect([ready.status, ready.body.message]).toEqual([503, expect.stringMatching(damaged)]);
    const status = await app.rest('/api/status', { headers: ENGLISH });
    expect([status.status, status.body.message]).toEqual([503, expect.stringMatching(damaged)]);
    const { errors } = await app.graphql('{ status { running } }', {}, ENGLISH);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(damaged),
      extensions: { code: 'UNAVAILABLE' },
    });
    await file.close();
  });
});

describe('a database whose pages were overwritten, but not its header', () => {
  it('is reported by /readyz once a statement has found the damage', async () => {
    const { app, path } = await startWithUser();
    const beside = new Database(path);
    beside.pragma('wal_checkpoint(TRUNCATE)');
    const file = await open(path, 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.alloc(size - 4096, 7), 0, null, 4096);
    // A change of another connection makes the program read its pages again.
    expect(() => beside.exec(`UPDATE "Meta" SET "value" = 'x'`)).toThrow();
    beside.pragma('user_version = 1');
    await app.eventually('a statement', async () => (await app.rest('/api/users')).status === 503);
    const ready = await app.rest('/readyz', { headers: ENGLISH });
    expect([ready.status, ready.body.message]).toEqual([503, expect.stringMatching(/is damaged/)]);
    beside.close();
    await file.close();
  });
});

describe('the log of a start', () => {
  const said = (app: TestApp) => app.log.filter((line) => line.includes('"database"')).join('\n');

  it('shows a new database as new, and an existing one with its number of users', async () => {
    const { app, path } = await startWithUser();
    expect(said(app)).toContain(`The database ${path} is new`);
    await app.restart();
    expect(said(app)).toMatch(/wgql\.db has 1 users; its recording began at \d{4}-/);
  });
});

describe('a database with a second name', () => {
  it('can be opened, since only a second server is refused', async () => {
    const { app, path } = await startWithUser();
    await link(path, `${path}.snapshot`);
    await app.restart();
    expect((await app.rest('/api/users')).body).toHaveLength(1);
  });
});

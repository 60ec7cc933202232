import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { startFleet, stateOf } from './support.ts';

function openBeside(app: TestApp): InstanceType<typeof Database> {
  const database = new Database(join(app.folder, 'wgql.db'), { timeout: 5_000 });
  onTestFinished(() => void database.close());
  return database;
}

describe('WGQL_MANAGE=off', () => {
  it('rejects actions on WireGuard with 503, without any change', async () => {
    const app = await startFleet({ env: { WGQL_MANAGE: 'off' } });
    const before = await stateOf(app);
    for (const body of [
      { bandwidth_limit: 100 },
      { data_limit: 1 },
      { expiry_date: '2030-01-01' },
      { enabled: 0 },
      { allowed_ips: '10.0.0.2/32' },
      { preshared_key: newPublicKey() },
      { persistent_keepalive: 25 },
      { nickname: 'with a limit', bandwidth_limit: 5 },
    ]) {
      const { status, body: answer, headers } = await app.post('/api/users/1/update', body);
      expect(status, JSON.stringify(body)).toBe(503);
      expect(answer).toMatchObject({ status: 'error', code: 'UNAVAILABLE' });
      expect(answer.message).toContain('WGQL_MANAGE=off');
      expect(headers.get('access-control-allow-origin')).toBe('*');
    }
    for (const action of ['disable', 'kick', 'delete']) {
      expect((await app.rest(`/api/users/1/${action}`)).status, action).toBe(503);
    }
    const created = await app.post('/api/users/create', { peer_pubkey: newPublicKey() });
    expect(created.status).toBe(503);
    const taken = { peer_pubkey: app.online.publicKey, data_limit: 5 };
    expect((await app.post('/api/users/create', taken)).status).toBe(503);
    expect(await stateOf(app)).toEqual(before);
  });

  it('still accepts names, notes, resets, adoptions and values that are already stored', async () => {
    const app = await startFleet({ env: { WGQL_MANAGE: 'off' } });
    app.online.rxBytes += 5n;
    await app.polled();
    const details = { nickname: 'n', mail: 'a@b.c', phone: '1', note: 'x' };
    expect((await app.post('/api/users/1/update', details)).status).toBe(200);
    const [user] = (await app.rest('/api/users')).body;
    expect(user).toMatchObject({ nickname: 'n', mail: 'a@b.c', phone: '1', total_rx: 5 });
    const whole = { ...user, nickname: 'again' };
    expect((await app.post('/api/users/1/update', whole)).status).toBe(200);
    expect((await app.rest('/api/users/1/reset')).status).toBe(200);
    expect((await app.rest('/api/users/1/enable')).status).toBe(200);
    const taken = { peer_pubkey: app.offline.publicKey, nickname: 'mine' };
    expect((await app.post('/api/users/create', taken)).body.user_id).toBe(2);
    expect((await app.rest('/api/users')).body).toMatchObject([
      { nickname: 'again', total_rx: 0, bandwidth_limit: 0 },
      { nickname: 'mine' },
    ]);
    expect((await app.rest('/api/status')).body.managing).toBe(0);
  });
});

describe('a database that cannot be written', () => {
  const changes = async (app: TestApp) => [
    await app.post('/api/users/1/update', { nickname: 'lost' }),
    await app.post('/api/users/create', { peer_pubkey: newPublicKey() }),
    await app.rest('/api/users/1/disable'),
    await app.rest('/api/users/1/reset'),
  ];

  it('causes 503 while another program locks it; reading continues, and nothing is changed', async () => {
    const app = await startFleet();
    const before = await stateOf(app);
    const other = openBeside(app);
    other.exec('BEGIN IMMEDIATE');
    for (const { status, body, headers } of await changes(app)) {
      expect(status).toBe(503);
      expect(body).toMatchObject({ status: 'error', code: 'UNAVAILABLE' });
      expect(body.message).toBe('无法保存更改，未做任何修改：数据库被其他程序占用；请停止该程序。');
      expect(headers.get('access-control-allow-origin')).toBe('*');
    }
    expect(await stateOf(app)).toEqual(before);
    other.exec('ROLLBACK');
    expect((await app.post('/api/users/1/update', { nickname: 'kept' })).status).toBe(200);
  });

  it('causes 503 when a write fails midway, and the write is rolled back', async () => {
    const app = await startFleet();
    const before = await stateOf(app);
    // The user is written before the audit log.
    openBeside(app).exec(`CREATE TRIGGER full BEFORE INSERT ON "AuditEntry"
      BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END`);
    for (const { status, body, text } of await changes(app)) {
      expect(status).toBe(503);
      expect(body.code).toBe('UNAVAILABLE');
      expect(text).not.toMatch(/prisma|sqlite|insert|disk is full|wgql\.db|\/src\//i);
    }
    expect(await stateOf(app)).toEqual(before);
  });

  it('gets the traffic in between once it can be written again', async () => {
    const app = await startFleet();
    const other = openBeside(app);
    other.exec('BEGIN IMMEDIATE');
    app.online.rxBytes += 400n;
    await app.polled();
    const held = await app.rest('/api/status');
    expect(held.body.last_error).toContain('暂时无法记录');
    expect((await app.rest('/api/users')).body[0].total_rx).toBe(0);
    other.exec('ROLLBACK');
    await app.polled();
    expect((await app.rest('/api/users')).body[0].total_rx).toBe(400);
    expect((await app.rest('/api/status')).body.last_error).toBeNull();
  });
});

describe('a database that is broken', () => {
  it('causes 500 in the format of every error, and leaks nothing', async () => {
    const app = await startFleet();
    const other = openBeside(app);
    other.pragma('foreign_keys = OFF');
    other.exec('ALTER TABLE "User" RENAME TO "Gone"');
    for (const path of [
      '/api/users',
      '/api/users/management',
      '/api/events',
      '/api/dashboard',
      '/api/users/1/kick',
    ]) {
      const { status, text, headers } = await app.rest(path);
      expect(status, path).toBe(500);
      expect(text).toBe(
        '{"status":"error","message":"内部错误；详情请查看服务器日志。","code":"INTERNAL"}',
      );
      expect(headers.get('access-control-allow-origin')).toBe('*');
    }
  });
});

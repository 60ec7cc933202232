import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectDatabase, detectText, isDatabase } from '../../src/import/detect.ts';
import { keyOf } from './keys.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the format of a text', () => {
  it.each([
    ['wg-quick', '[Interface]\nListenPort = 1\n'],
    ['wg-quick', '\ufeff# a comment\r\n\r\n [ peer ] # another'],
    ['wg-quick', '#[disabled] [Peer]\n#[disabled] PublicKey = x'],
    ['wg-easy-json', ' {"server":{},"clients":{}}\n'],
    ['wgdashboard-backup', `INSERT INTO wg0 (id, "DNS", name) VALUES ('${keyOf('a')}', NULL, 'a')`],
    ['wgdashboard-backup', `\ufeff\ninsert into "wg0" values('${keyOf('a')}',NULL);`],
  ])('is %s', (format, file) => {
    expect(detectText(file)).toBe(format);
  });

  it.each([
    '',
    'hello',
    '{}',
    '{"server":{}}',
    '[1, 2]',
    '# [Peer]',
    '[Unit]\nDescription=x',
    "INSERT INTO users (id) VALUES ('1')",
    'SQLite format 3\0',
  ])('is none of them for %j', (file) => {
    expect(detectText(file)).toBeNull();
  });
});

describe('the format of a database', () => {
  it.each([
    ['wg-easy-database', 'CREATE TABLE clients_table (id, public_key)'],
    ['wgdashboard', 'CREATE TABLE wg0 (id, private_key, name, allowed_ip)'],
    ['wgdashboard-jobs', 'CREATE TABLE PeerJobs (JobID, Operator)'],
    [null, 'CREATE TABLE clients_table (id, name)'],
    [
      null,
      'CREATE TABLE other (id); CREATE VIEW wg0 AS SELECT id, 1 AS private_key, 2 AS allowed_ip FROM other',
    ],
  ])('is %s', (format, statements) => {
    const path = join(folder, `${format}-${statements.length}.db`);
    const db = new Database(path);
    db.exec(statements);
    db.close();
    expect(isDatabase(readFileSync(path))).toBe(true);
    expect(detectDatabase(path)).toBe(format);
  });

  it('cannot be told from bytes that begin otherwise', () => {
    for (const start of ['', 'SQLite', 'SQLite format 3 ', '[Peer]']) {
      expect(isDatabase(Buffer.from(start))).toBe(false);
    }
  });
});

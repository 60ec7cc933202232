import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEFT, PROBLEMS } from '../../src/import/texts.ts';
import { readWgEasyDatabase } from '../../src/import/wg-easy-database.ts';
import { readWgEasyJson } from '../../src/import/wg-easy-json.ts';
import { BARE, expectNoSecrets, keyOf, privateKeyOf } from './keys.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function jsonWith(clients: unknown): string {
  return JSON.stringify({
    server: { privateKey: privateKeyOf('server'), publicKey: keyOf('server'), address: '10.8.0.1' },
    clients,
  });
}

describe('the wg0.json of wg-easy', () => {
  const client = (name: string, more: object = {}) => ({
    id: '1',
    name,
    address: '10.8.0.2',
    privateKey: privateKeyOf(name),
    publicKey: keyOf(name),
    preSharedKey: keyOf(`${name} psk`),
    createdAt: '2024-01-02T03:04:05.000Z',
    updatedAt: '2024-01-02T03:04:05.000Z',
    enabled: true,
    ...more,
  });

  it('has its clients with their state and expiry, whatever their ids are', () => {
    const file = jsonWith({
      'not a uuid': client('张三 "📱"'),
      2: client('phone', { enabled: false, expiredAt: '2027-01-02T03:04:05.000Z' }),
      3: client('old', { preSharedKey: '', expiredAt: null, address: undefined }),
    });
    const imported = readWgEasyJson(`\ufeff${file}`, 'wg0');
    const { peers, problems, left } = imported;
    expect(problems).toEqual([]);
    // JSON.parse lists the names that are whole numbers first.
    expect(peers).toEqual([
      {
        ...BARE,
        publicKey: keyOf('phone'),
        interface: 'wg0',
        nickname: 'phone',
        enabled: false,
        expiresAt: new Date('2027-01-02T03:04:05Z'),
        allowedIps: ['10.8.0.2/32'],
        presharedKey: keyOf('phone psk'),
      },
      { ...BARE, publicKey: keyOf('old'), interface: 'wg0', nickname: 'old' },
      {
        ...BARE,
        publicKey: keyOf('张三 "📱"'),
        interface: 'wg0',
        nickname: '张三 "📱"',
        allowedIps: ['10.8.0.2/32'],
        presharedKey: keyOf('张三 "📱" psk'),
      },
    ]);
    expect(left).toEqual([LEFT.interfaceSettings, LEFT.privateKeys]);
    expectNoSecrets(imported, {
      privateKeys: ['server', '张三 "📱"', 'phone', 'old'].map(privateKeyOf),
      presharedKeys: [keyOf('phone psk')],
    });
  });

  it('loses only the clients that cannot be read', () => {
    const file = jsonWith({
      a: client('laptop'),
      b: client('again', { publicKey: keyOf('laptop') }),
      c: client('keyless', { publicKey: undefined }),
      d: client('expiry', { expiredAt: 'soon' }),
      e: client('address', { address: 7 }),
      f: null,
      g: 'text',
      h: client('preshared', { preSharedKey: 5 }),
    });
    const { peers, problems } = readWgEasyJson(file, null);
    expect(peers.map(({ nickname }) => nickname)).toEqual(['laptop']);
    expect(problems.map(({ peer, text }) => [peer.en, text])).toEqual([
      [keyOf('laptop'), PROBLEMS.duplicate],
      ['"keyless"', PROBLEMS.noKey],
      [keyOf('expiry'), PROBLEMS.expiry],
      [keyOf('address'), PROBLEMS.allowedIps],
      ['Peer 6', PROBLEMS.noKey],
      ['Peer 7', PROBLEMS.noKey],
      [keyOf('preshared'), PROBLEMS.presharedKey],
    ]);
  });

  it.each([
    ['cut off', jsonWith({ a: client('laptop') }).slice(0, -3)],
    ['an array', '[]'],
    ['null', 'null'],
    ['without clients', '{"server":{}}'],
    ['empty', ''],
  ])('is refused if it is %s, without quoting it', (_, file) => {
    const refused = () => readWgEasyJson(file, 'wg0');
    expect(refused).toThrow('not a wg0.json of wg-easy');
    expect(refused).not.toThrow(privateKeyOf('laptop').slice(0, 8));
  });
});

describe('the database of wg-easy', () => {
  function databaseWith(name: string, statements: string): string {
    const path = join(folder, name);
    const db = new Database(path);
    db.exec(statements);
    db.close();
    return path;
  }

  const COLUMNS = `id INTEGER PRIMARY KEY, user_id INTEGER, interface_id TEXT, name TEXT, ipv4_address TEXT,
    ipv6_address TEXT, pre_up TEXT, private_key TEXT, public_key TEXT, pre_shared_key TEXT,
    expires_at TEXT, allowed_ips TEXT, server_allowed_ips TEXT, persistent_keepalive INT, mtu INT,
    dns TEXT, server_endpoint TEXT, enabled INT`;

  it('has its clients with the prefixes of the server', () => {
    const path = databaseWith(
      'clients.db',
      `CREATE TABLE users_table (id INTEGER PRIMARY KEY, email TEXT);
       CREATE TABLE clients_table (${COLUMNS});
       INSERT INTO clients_table VALUES
         (1, 1, 'wg0', '张三''s 📱', '10.8.0.2', 'fd00::2', '', '${privateKeyOf('one')}', '${keyOf('one')}',
          '${keyOf('one psk')}', '2027-01-02', '["0.0.0.0/0"]', '["192.168.7.0/24"]', 25, 1420, NULL, NULL, 1),
         (2, 1, 'wg0', 'two', '10.8.0.3', 'fd00::3', '', '${privateKeyOf('two')}', '${keyOf('two')}',
          NULL, '2027-01-02T03:04:05.678Z', NULL, '[]', 0, 1420, NULL, NULL, 0);`,
    );
    const imported = readWgEasyDatabase(path);
    expect(imported.problems).toEqual([]);
    expect(imported.peers).toEqual([
      {
        ...BARE,
        publicKey: keyOf('one'),
        interface: 'wg0',
        nickname: "张三's 📱",
        expiresAt: new Date('2027-01-02T00:00:00Z'),
        allowedIps: ['10.8.0.2/32', 'fd00::2/128', '192.168.7.0/24'],
        presharedKey: keyOf('one psk'),
      },
      {
        ...BARE,
        publicKey: keyOf('two'),
        interface: 'wg0',
        nickname: 'two',
        enabled: false,
        expiresAt: new Date('2027-01-02T03:04:05Z'),
        allowedIps: ['10.8.0.3/32', 'fd00::3/128'],
      },
    ]);
    expect(imported.left).toEqual([
      ...[LEFT.interfaceSettings, LEFT.clientSettings, LEFT.hooks, LEFT.accounts],
      ...[LEFT.privateKeys, LEFT.endpoints],
    ]);
    expectNoSecrets(imported, {
      privateKeys: [privateKeyOf('one'), privateKeyOf('two')],
      presharedKeys: [keyOf('one psk')],
    });
  });

  it('of an older version lacks columns', () => {
    const path = databaseWith(
      'old.db',
      `CREATE TABLE clients_table (id INTEGER PRIMARY KEY, name TEXT, ipv4_address TEXT, public_key TEXT);
       INSERT INTO clients_table VALUES (1, 'one', '10.8.0.2', '${keyOf('one')}');`,
    );
    expect(readWgEasyDatabase(path)).toMatchObject({
      peers: [{ ...BARE, publicKey: keyOf('one'), nickname: 'one', allowedIps: ['10.8.0.2/32'] }],
      problems: [],
    });
  });

  it('is read while wg-easy has it open, with what is only in the write-ahead log', () => {
    const path = join(folder, 'open.db');
    const writer = new Database(path);
    writer.pragma('journal_mode = WAL');
    writer.exec('CREATE TABLE clients_table (name, public_key)');
    writer.prepare('INSERT INTO clients_table VALUES (?, ?)').run('one', keyOf('one'));
    expect(readWgEasyDatabase(path).peers).toMatchObject([{ nickname: 'one' }]);
    writer.prepare('INSERT INTO clients_table VALUES (?, ?)').run('two', keyOf('two'));
    expect(readWgEasyDatabase(path).peers).toHaveLength(2);
    writer.close();
  });

  it('loses only the clients that cannot be read', () => {
    const path = databaseWith(
      'bad.db',
      `CREATE TABLE clients_table (name, public_key, server_allowed_ips, expires_at, ipv4_address);
       INSERT INTO clients_table VALUES
         ('json', '${keyOf('json')}', '{', NULL, NULL),
         ('object', '${keyOf('object')}', '{}', NULL, NULL),
         ('numbers', '${keyOf('numbers')}', '[1]', NULL, NULL),
         ('expiry', '${keyOf('expiry')}', 'null', 'soon', NULL),
         ('epoch', '${keyOf('epoch')}', 'null', 1800000000, NULL),
         ('blob', x'00', 'null', NULL, NULL),
         ('good', '${keyOf('good')}', 'null', '', '10.8.0.2');`,
    );
    const { peers, problems } = readWgEasyDatabase(path);
    expect(peers.map(({ nickname }) => nickname)).toEqual(['good']);
    expect(problems.map(({ peer, text }) => [peer.en, text])).toEqual([
      [keyOf('json'), PROBLEMS.allowedIps],
      [keyOf('object'), PROBLEMS.allowedIps],
      [keyOf('numbers'), PROBLEMS.allowedIps],
      [keyOf('expiry'), PROBLEMS.expiry],
      [keyOf('epoch'), PROBLEMS.expiry],
      ['"blob"', PROBLEMS.noKey],
    ]);
  });

  it('is refused if it is another database, no database or not there', () => {
    const other = databaseWith('other.db', 'CREATE TABLE other (id INTEGER)');
    for (const path of [other, join(folder, 'missing.db'), join(folder, 'no/folder.db'), folder]) {
      expect(() => readWgEasyDatabase(path)).toThrow('cannot be read as an SQLite database');
    }
  });
});

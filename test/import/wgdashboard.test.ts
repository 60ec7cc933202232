import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarOf } from '../../src/domain/time/calendar.ts';
import { LEFT, PROBLEMS } from '../../src/import/texts.ts';
import {
  readWgdashboard,
  readWgdashboardBackup,
} from '../../src/import/wgdashboard/wgdashboard.ts';
import { BARE, expectNoSecrets, keyOf, privateKeyOf } from './keys.ts';

const COLUMNS = [
  ...['id', 'private_key', 'DNS', 'endpoint_allowed_ip', 'name', 'total_receive', 'total_sent'],
  ...['total_data', 'endpoint', 'status', 'latest_handshake', 'allowed_ip', 'cumu_receive'],
  ...['cumu_sent', 'cumu_data', 'mtu', 'keepalive', 'notes', 'remote_endpoint', 'preshared_key'],
];
const CALENDAR = calendarOf('Asia/Shanghai');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function rowOf(name: string, more: Readonly<Record<string, unknown>> = {}) {
  const row: Readonly<Record<string, unknown>> = {
    id: keyOf(name),
    private_key: privateKeyOf(name),
    DNS: '1.1.1.1',
    endpoint_allowed_ip: '0.0.0.0/0',
    name,
    allowed_ip: '10.8.0.2/32',
    mtu: 1420,
    keepalive: 21,
    ...more,
  };
  return COLUMNS.map((column) => row[column] ?? null);
}

type Rows = readonly (readonly unknown[])[];

/** Creates a database with these tables; a table without a suffix has the columns of a peer. */
function databaseWith(name: string, tables: Readonly<Record<string, Rows>>): string {
  const path = join(folder, name);
  const db = new Database(path);
  for (const [table, rows] of Object.entries(tables)) {
    db.exec(`CREATE TABLE "${table}" (${COLUMNS.join(', ')})`);
    const insert = db.prepare(
      `INSERT INTO "${table}" VALUES (${COLUMNS.map(() => '?').join(', ')})`,
    );
    for (const row of rows) insert.run(row);
  }
  db.close();
  return path;
}

type Job = readonly [
  peer: string,
  field: string,
  operator: string,
  value: unknown,
  action: string,
  ended?: string,
];

function jobsWith(name: string, jobs: readonly Job[]) {
  const path = join(folder, name);
  const db = new Database(path);
  db.exec(`CREATE TABLE PeerJobs (JobID, Configuration, Peer, Field, Operator, Value, CreationDate,
    ExpireDate, Action)`);
  const insert = db.prepare('INSERT INTO PeerJobs VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?)');
  for (const [index, [peer, field, operator, value, action, ended]] of jobs.entries()) {
    insert.run(index, 'wg0', keyOf(peer), field, operator, value, ended ?? null, action);
  }
  db.close();
  return { path, calendar: CALENDAR };
}

describe('the database of WGDashboard', () => {
  it('has the enabled and the disabled peers of all configurations', () => {
    const path = databaseWith('peers.db', {
      wg0: [
        rowOf('laptop', {
          name: "O'Neil 📱",
          notes: 'first floor\nroom 5',
          allowed_ip: '10.8.0.2/32, fd00::2/128',
          preshared_key: keyOf('laptop psk'),
          total_receive: 0.5,
          cumu_receive: 1,
          total_sent: 0.25,
          cumu_sent: 0,
        }),
      ],
      wg0_restrict_access: [rowOf('phone', { preshared_key: '' })],
      wg0_deleted: [rowOf('deleted')],
      wg0_transfer: [],
      'office-2': [rowOf('desk', { name: null, allowed_ip: null })],
      'office-2_restrict_access': [],
    });
    const imported = readWgdashboard(path, null);
    expect(imported.problems).toEqual([]);
    expect(imported.peers).toEqual([
      {
        ...BARE,
        publicKey: keyOf('laptop'),
        interface: 'wg0',
        nickname: "O'Neil 📱",
        note: 'first floor room 5',
        allowedIps: ['10.8.0.2/32', 'fd00::2/128'],
        presharedKey: keyOf('laptop psk'),
        totals: { rx: 1_610_612_736n, tx: 268_435_456n },
      },
      {
        ...BARE,
        publicKey: keyOf('phone'),
        interface: 'wg0',
        nickname: 'phone',
        enabled: false,
        allowedIps: ['10.8.0.2/32'],
      },
      { ...BARE, publicKey: keyOf('desk'), interface: 'office-2' },
    ]);
    expect(imported.left).toEqual([
      ...[LEFT.interfaceSettings, LEFT.privateKeys, LEFT.clientSettings, LEFT.deletedPeers],
      LEFT.history,
    ]);
    expectNoSecrets(imported, {
      privateKeys: ['laptop', 'phone', 'desk', 'deleted'].map(privateKeyOf),
      presharedKeys: [keyOf('laptop psk')],
    });
  });

  it('has no secret of a note in any result', () => {
    const path = databaseWith('note.db', {
      wg0: [rowOf('laptop', { notes: `PrivateKey = ${privateKeyOf('note')}\nMTU = 1420` })],
    });
    const imported = readWgdashboard(path, null);
    expect(imported.peers).toMatchObject([{ note: 'PrivateKey = … MTU = 1420' }]);
    expect(imported.left).toContainEqual(LEFT.keysInText);
    expectNoSecrets(imported, { privateKeys: [privateKeyOf('note')] });
  });

  it('keeps peers without the totals that are not amounts', () => {
    const path = databaseWith('totals.db', {
      wg0: [
        rowOf('negative', { total_receive: -1 }),
        rowOf('text', { cumu_sent: 'much' }),
        rowOf('huge', { total_sent: 1e300 }),
      ],
    });
    const { peers, left } = readWgdashboard(path, null);
    expect(peers.map(({ totals }) => totals)).toEqual([null, null, null]);
    expect(left).toContainEqual(LEFT.totals);
  });

  it('keeps the first of two peers with one key, and the peers around bad ones', () => {
    const path = databaseWith('bad.db', {
      wg0: [
        rowOf('laptop'),
        rowOf('wrong', { id: 'wrong' }),
        rowOf('none', { id: null }),
        rowOf('address', { allowed_ip: 'somewhere' }),
        rowOf('phone'),
      ],
      wg1: [rowOf('laptop')],
    });
    const { peers, problems } = readWgdashboard(path, null);
    expect(peers.map(({ nickname, interface: name }) => [nickname, name])).toEqual([
      ['laptop', 'wg0'],
      ['phone', 'wg0'],
    ]);
    expect(problems.map(({ peer, text }) => [peer.zh, text])).toEqual([
      ['"wrong"', PROBLEMS.invalidKey],
      ['"none"', PROBLEMS.noKey],
      [keyOf('address'), PROBLEMS.allowedIps],
      [keyOf('laptop'), PROBLEMS.duplicate],
    ]);
  });

  it('is only read, also if a copy has a write-ahead log that no program has open', () => {
    const path = databaseWith('written.db', { wg0: [] });
    const writer = new Database(path);
    writer.pragma('journal_mode = WAL');
    writer.prepare('INSERT INTO wg0 (id) VALUES (?)').run(keyOf('laptop'));
    const copy = join(folder, 'copy.db');
    for (const ending of ['', '-wal']) copyFileSync(path + ending, copy + ending);
    writer.close();
    const content = () => ['', '-wal'].map((ending) => readFileSync(copy + ending, 'base64'));
    const before = content();
    expect(readWgdashboard(copy, null).peers).toHaveLength(1);
    expect(content()).toEqual(before);
  });
});

describe('the jobs of WGDashboard', () => {
  it('set the expiry in the time zone of its server, and the data limit', () => {
    const path = databaseWith('limited.db', {
      wg0: [rowOf('laptop'), rowOf('phone'), rowOf('desk')],
      wg1: [rowOf('other')],
    });
    const jobs = jobsWith('limits.db', [
      ['laptop', 'date', 'lgt', '2027-01-02 08:00:00', 'restrict'],
      ['laptop', 'date', 'lgt', '2027-02-02 08:00:00', 'restrict'],
      ['laptop', 'total_data', 'lgt', '20', 'restrict'],
      ['laptop', 'total_data', 'lgt', '10', 'restrict'],
      ['phone', 'date', 'lgt', '2027-01-02T08:00', 'restrict'],
      ['phone', 'total_data', 'lgt', 0.0001, 'restrict'],
      ['desk', 'date', 'lgt', '2020-01-01 00:00:00', 'restrict', '2020-01-01'],
      ['other', 'date', 'lgt', '2020-01-01 00:00:00', 'restrict'],
    ]);
    const { peers, problems, left } = readWgdashboard(path, jobs);
    expect(problems).toEqual([]);
    expect(peers).toMatchObject([
      { expiresAt: new Date('2027-01-02T00:00:00Z'), dataLimitMb: 10_240 },
      { expiresAt: new Date('2027-01-02T00:00:00Z'), dataLimitMb: 1 },
      { expiresAt: null, dataLimitMb: null },
      { interface: 'wg1', expiresAt: null, dataLimitMb: null },
    ]);
    expect(left).not.toContainEqual(LEFT.jobs);
  });

  it('of other kinds are left, and reported once', () => {
    const path = databaseWith('others.db', { wg0: [rowOf('laptop')] });
    const jobs = jobsWith('other-jobs.db', [
      ['laptop', 'date', 'lst', '2027-01-02 08:00:00', 'restrict'],
      ['laptop', 'date', 'lgt', '2027-01-02 08:00:00', 'delete'],
      ['laptop', 'total_sent', 'lgt', '5', 'restrict'],
      ['laptop', 'total_data', 'lgt', '5', 'reset_total_data_usage'],
    ]);
    const { peers, left } = readWgdashboard(path, jobs);
    expect(peers).toMatchObject([{ expiresAt: null, dataLimitMb: null }]);
    expect(left.filter((text) => text === LEFT.jobs)).toHaveLength(1);
  });

  it.each([
    ['date', 'tomorrow', PROBLEMS.expiry],
    ['date', '', PROBLEMS.expiry],
    ['date', '2027-02-30 00:00:00', PROBLEMS.expiry],
    ['total_data', 'much', PROBLEMS.dataLimit],
    ['total_data', '', PROBLEMS.dataLimit],
    ['total_data', '0', PROBLEMS.dataLimit],
    ['total_data', '-1', PROBLEMS.dataLimit],
    ['total_data', '1e9', PROBLEMS.dataLimit],
    ['total_data', 'Infinity', PROBLEMS.dataLimit],
  ])('leave out a peer whose %s is %j', (field, value, text) => {
    const name = `${field}-${value.length}-${value.slice(0, 3)}`;
    const path = databaseWith(`${name}.db`, { wg0: [rowOf('laptop'), rowOf('phone')] });
    const jobs = jobsWith(`${name}-jobs.db`, [['laptop', field, 'lgt', value, 'restrict']]);
    const { peers, problems } = readWgdashboard(path, jobs);
    expect(peers.map(({ nickname }) => nickname)).toEqual(['phone']);
    expect(problems).toEqual([{ peer: { en: keyOf('laptop'), zh: keyOf('laptop') }, text }]);
  });
});

describe('a backup of WGDashboard', () => {
  const literal = (value: unknown) => {
    if (value === null) return 'NULL';
    return typeof value === 'number' ? `${value}` : `'${String(value).replaceAll("'", "''")}'`;
  };
  const insertOf = (table: string, row: readonly unknown[]) =>
    `INSERT INTO ${table} (${COLUMNS.map((name) => (name === 'DNS' ? '"DNS"' : name)).join(', ')}) VALUES (${row.map(literal).join(', ')})`;

  it('has the peers with names that contain quotes, parentheses and line ends', () => {
    const file = [
      insertOf('wg0', rowOf('laptop', { name: `O'Neil (2), "big"; '`, notes: 'a\nb' })),
      insertOf('wg0', rowOf('张三', { preshared_key: keyOf('张三 psk'), total_receive: 1.5e-7 })),
      insertOf('wg0_restrict_access', rowOf('phone')),
      `INSERT INTO wg0_transfer (id, total_receive, time) VALUES ('${keyOf('laptop')}', 0.0, '2026-01-02 03:04:05')`,
      insertOf('wg0_deleted', rowOf('deleted')),
    ].join('\r\n');
    const imported = readWgdashboardBackup(`\ufeff${file}`);
    expect(imported.problems).toEqual([]);
    expect(imported.peers).toMatchObject([
      { publicKey: keyOf('laptop'), nickname: `O'Neil (2), "big"; '`, note: 'a b', enabled: true },
      { nickname: '张三', presharedKey: keyOf('张三 psk'), totals: { rx: 161n, tx: 0n } },
      { nickname: 'phone', enabled: false, interface: 'wg0' },
    ]);
    expect(imported.left).toEqual([
      ...[LEFT.interfaceSettings, LEFT.privateKeys, LEFT.clientSettings, LEFT.history],
      LEFT.deletedPeers,
    ]);
    expectNoSecrets(imported, {
      privateKeys: ['laptop', '张三', 'phone', 'deleted'].map(privateKeyOf),
      presharedKeys: [keyOf('张三 psk')],
    });
  });

  it('of an older version names no columns', () => {
    const row = rowOf('laptop').filter((_, index) => COLUMNS[index] !== 'notes');
    const file = `INSERT INTO "wg0" VALUES(${row.map(literal).join(',')});
INSERT INTO "wg0" VALUES('${keyOf('phone')}','${privateKeyOf('phone')}');
`;
    const { peers, problems } = readWgdashboardBackup(file);
    expect(peers).toMatchObject([{ nickname: 'laptop', allowedIps: ['10.8.0.2/32'] }]);
    expect(problems.map(({ text }) => text)).toEqual([PROBLEMS.values]);
  });

  it('that is empty has no peers', () => {
    expect(readWgdashboardBackup('\n').peers).toEqual([]);
  });

  it('is refused if it is cut off or has other statements, without quoting them', () => {
    const whole = insertOf('wg0', rowOf('laptop'));
    const broken = [
      ...[
        whole.slice(0, -1),
        whole.slice(0, 60),
        whole.slice(0, 250),
        `${whole} ${whole.slice(7)}`,
      ],
      ...[whole.replace('VALUES', 'SELECT'), whole.replace(', name', ''), 'DROP TABLE wg0'],
      ...[
        'INSERT',
        'INSERT INTO wg0',
        `INSERT INTO wg0 VALUES ()`,
        "'",
        '"',
        "INSERT INTO 'x' VALUES (1)",
      ],
    ];
    for (const file of broken) {
      const read = () => readWgdashboardBackup(file);
      expect(read).toThrow('not a complete backup of WGDashboard');
      expect(read).not.toThrow(privateKeyOf('laptop').slice(0, 8));
    }
  });

  it('with a very long value is read to its end', () => {
    const notes = "it's ".repeat(200_000);
    const file = insertOf('wg0', rowOf('laptop', { notes }));
    expect(readWgdashboardBackup(file).peers).toMatchObject([
      { note: notes.slice(0, 256), nickname: 'laptop' },
    ]);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plant } from '../fixtures/leak-detector.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { keyOf, privateKeyOf } from '../import/keys.ts';
import { startFleet } from '../rest/support.ts';
import { commandsOf } from './support.ts';

const USERS = `{ users(first: 10) { edges { node {
  publicKey nickname mail managed enabled allowedIps expiresAt dataLimit totalRx totalTx } } } }`;

async function usersOf(app: TestApp) {
  const { data } = await app.graphql(USERS);
  const nodes = data.users.edges.map(({ node }: { node: { publicKey: string } }) => node);
  return new Map<string, Record<string, unknown>>(
    nodes.map((node: { publicKey: string }) => [node.publicKey, node]),
  );
}

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const peer = (publicKey: string, comment: string, address: string) =>
  `### begin ${comment} ###\n[Peer]\nPublicKey = ${publicKey}\nPresharedKey = ${plant(keyOf(`psk ${comment}`))}\nAllowedIPs = ${address}\n### end ${comment} ###\n`;

/** A configuration as PiVPN writes it, with the two peers of the fleet and one that WireGuard does not have. */
const pivpn = (app: { online: { publicKey: string }; offline: { publicKey: string } }) =>
  `[Interface]\nPrivateKey = ${plant(privateKeyOf('server'))}\nAddress = 10.6.0.1/24\nListenPort = 51820\n` +
  peer(app.online.publicKey, 'ada', '10.6.0.2/32') +
  peer(app.offline.publicKey, 'bob', '10.6.0.3/32') +
  peer(keyOf('eve'), 'eve', '10.6.0.4/32');

describe('wgql import', () => {
  it('plans without changing anything, applies once, and changes nothing the second time', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const file = join(await folderWith({ 'wg0.conf': pivpn(app) }), 'wg0.conf');
    const before = await usersOf(app);
    const plan = await wgql('import', file);
    expect([plan.code, await usersOf(app)]).toEqual([0, before]);
    const actions = plan.stdout
      .split('\n')
      .slice(1, 4)
      .map((line) => line.split(/ {2,}/));
    expect(actions).toEqual([
      ['update', 'ada', 'wg0', '10.6.0.2/32', 'nickname'],
      ['update', 'bob', 'wg0', '10.6.0.3/32', 'nickname'],
      ['leave out', 'eve', 'wg0', '10.6.0.4/32', '-'],
    ]);
    expect(plan.stderr).toContain('Private keys are not taken over');
    expect(plan.stderr).toContain('0 users would be created and 2 updated');
    const applied = await wgql('import', file, '--apply');
    expect(applied.stderr).toContain('Created 0 and updated 2 users; left out 1.');
    const after = await usersOf(app);
    expect(after.get(app.online.publicKey)).toMatchObject({ nickname: 'ada', managed: false });
    expect(after.size).toBe(2);
    const again = await wgql('import', file, '--apply');
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringContaining('There is nothing to change; 1 peers are not in WireGuard'),
    ]);
    expect(await usersOf(app)).toEqual(after);
  });

  it('takes peers over and creates missing ones with --take-over', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const folder = await folderWith({ 'wg0.conf': pivpn(app) });
    const { code, stderr } = await wgql('import', folder, '--take-over', '--apply');
    expect(code, stderr).toBe(0);
    await app.polled();
    const users = await usersOf(app);
    expect([...users.values()].map(({ managed }) => managed)).toEqual([true, true, true]);
    const wg0 = app.wireguard.interface();
    await app.eventually('the peer', async () => wg0.peers.has(keyOf('eve')));
    expect(wg0.peers.get(keyOf('eve'))?.allowedIps).toEqual(['10.6.0.4/32']);
    const again = await wgql('import', folder, '--take-over', '--apply');
    expect(again.stderr).toContain('There is nothing to change.');
  });

  it('changes nothing if one user is refused, and says which and why', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const twice = peer(keyOf('mal'), 'mal', '10.6.0.4/32');
    const file = join(await folderWith({ 'wg0.conf': pivpn(app) + twice }), 'wg0.conf');
    const before = await usersOf(app);
    const { code, stdout, stderr } = await wgql('import', file, '--take-over', '--apply');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused +mal +wg0 +10\.6\.0\.4\/32 +10\.6\.0\.4\/32 already belongs/m);
    expect(stderr).toContain('Nothing was changed, because 1 users are refused');
    expect(await usersOf(app)).toEqual(before);
  });

  it('keeps what operators have set, and raises totals only if it is told to', async () => {
    const app = await startFleet();
    app.online.rxBytes += 5_000n;
    await app.polled();
    await app.graphql(
      'mutation { updateUser(id: 1, input: { nickname: "Ada L." }) { user { id } } }',
    );
    const folder = await folderWith({});
    const db = new Database(join(folder, 'wgdashboard.db'));
    const columns = [
      'id',
      'private_key',
      'name',
      'allowed_ip',
      'total_receive',
      'total_sent',
      'cumu_receive',
      'cumu_sent',
    ];
    for (const table of ['wg0', 'wg0_restrict_access'])
      db.exec(`CREATE TABLE "${table}" (${columns})`);
    const insert = (table: string, ...row: unknown[]) =>
      db.prepare(`INSERT INTO "${table}" VALUES (${row.map(() => '?')})`).run(row);
    insert(
      'wg0',
      app.online.publicKey,
      plant(privateKeyOf('a')),
      'ada',
      '10.6.0.2/32',
      1,
      0,
      2,
      0.5,
    );
    insert('wg0_restrict_access', app.offline.publicKey, '', 'bob', '10.6.0.3/32', 0, 0, 0, 0);
    db.close();
    const wgql = await commandsOf(app);
    expect((await wgql('import', folder, '--apply')).code).toBe(0);
    const named = await usersOf(app);
    expect(named.get(app.online.publicKey)).toMatchObject({ nickname: 'Ada L.', totalRx: '5000' });
    expect(named.get(app.offline.publicKey)).toMatchObject({ nickname: 'bob', enabled: false });
    await wgql('import', folder, '--apply', '--totals');
    expect((await usersOf(app)).get(app.online.publicKey)).toMatchObject({
      totalRx: String(3 * 1024 ** 3),
      totalTx: String(512 * 1024 ** 2),
    });
    const again = await wgql('import', folder, '--totals');
    expect(again.stderr).toContain('There is nothing to change.');
  });

  it('reads the files of wg-easy, and skips those of clients in the same folder', async () => {
    const app = await startFleet();
    const client = `[Interface]\nPrivateKey = ${plant(privateKeyOf('ada'))}\nAddress = 10.8.0.2/32\n[Peer]\nPublicKey = ${keyOf('server')}\nAllowedIPs = 0.0.0.0/0\nEndpoint = vpn.example:51820\n`;
    const clients = {
      one: {
        name: 'Ada',
        address: '10.8.0.2',
        privateKey: privateKeyOf('ada'),
        publicKey: app.online.publicKey,
        enabled: true,
      },
    };
    const folder = await folderWith({
      'wg0.json': JSON.stringify({
        server: { privateKey: privateKeyOf('server'), address: '10.8.0.1' },
        clients,
      }),
      'ada.conf': client,
      'notes.txt': 'buy milk',
    });
    const { code, stdout } = await (await commandsOf(app))('import', folder, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      applied: false,
      results: [{ publicKey: app.online.publicKey, action: 'UPDATE', fields: ['nickname'] }],
      files: [
        { path: join(folder, 'ada.conf'), isRead: false },
        { path: join(folder, 'wg0.json'), isRead: true },
      ],
    });
  });

  it('joins what the files of a folder say, and finds the limits beside a single database', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const named = `# Client: Ada (1)\n[Peer]\nPublicKey = ${app.online.publicKey}\nAllowedIPs = 10.8.0.2/32\n`;
    const clients = {
      one: {
        name: 'Ada',
        address: '10.8.0.2',
        publicKey: app.online.publicKey,
        enabled: true,
        expiredAt: '2099-01-01T00:00:00.000Z',
      },
    };
    const folder = await folderWith({
      'wg0.conf': named,
      'wg0.conf.bak': `[Peer]\nPublicKey = ${keyOf('gone')}\nAllowedIPs = 10.8.0.9/32\n`,
      'wg0.json': JSON.stringify({ server: { address: '10.8.0.1' }, clients }),
    });
    const { results } = JSON.parse((await wgql('import', folder, '--json')).stdout);
    expect(results).toMatchObject([
      {
        publicKey: app.online.publicKey,
        fields: expect.arrayContaining(['nickname', 'expiresAt']),
      },
    ]);
    const jobs = new Database(join(folder, 'wgdashboard_job.db'));
    jobs.exec(`CREATE TABLE "PeerJobs" ("JobID", "Configuration", "Peer", "Field", "Operator", "Value",
      "CreationDate", "ExpireDate", "Action");
      INSERT INTO "PeerJobs" VALUES ('j', 'wg0', '${app.offline.publicKey}', 'total_data', 'lgt', '5', '2026-01-01', NULL, 'restrict')`);
    jobs.close();
    const db = new Database(join(folder, 'wgdashboard.db'));
    db.exec(`CREATE TABLE "wg0" ("id", "private_key", "name", "allowed_ip");
      INSERT INTO "wg0" VALUES ('${app.offline.publicKey}', '', 'Bob', '10.8.0.3/32')`);
    db.close();
    const one = JSON.parse((await wgql('import', join(folder, 'wgdashboard.db'), '--json')).stdout);
    expect(one.results).toMatchObject([
      { fields: expect.arrayContaining(['nickname', 'dataLimit']) },
    ]);
  });

  it.each([
    ['an interface that the server does not have', 'old.conf', 'There is no interface old'],
    ['the key of a user that was deleted', 'wg0.conf', 'This user was deleted here'],
  ])('refuses to create users with %s', async (what, name, said) => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const publicKey = what.includes('key') ? app.offline.publicKey : keyOf('eve');
    if (what.includes('key')) await wgql('user', 'delete', '2');
    const file = join(await folderWith({ [name]: peer(publicKey, 'eve', '10.6.0.4/32') }), name);
    const { code, stdout } = await wgql('import', file, '--take-over', '--apply');
    expect([code, stdout]).toEqual([1, expect.stringContaining(said)]);
    expect((await usersOf(app)).has(publicKey)).toBe(false);
  });

  it('applies nothing of a file with a peer that it cannot read', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const broken = '[Peer]\nPublicKey = short\nAllowedIPs = 10.6.0.9/32\n';
    const file = join(await folderWith({ 'wg0.conf': pivpn(app) + broken }), 'wg0.conf');
    const before = await usersOf(app);
    const { code, stderr } = await wgql('import', file, '--apply');
    expect([code, await usersOf(app)]).toEqual([1, before]);
    expect(stderr).toContain('Nothing was changed, because 1 peers cannot be read');
  });

  it('takes as many users as it promises', async () => {
    const app = await startFleet();
    const wgql = await commandsOf(app);
    const text = Array.from({ length: 1000 }, (_, number) =>
      peer(keyOf(`peer ${number}`), `person ${number}`, `10.9.${number >> 8}.${number & 255}/32`),
    ).join('');
    const file = join(await folderWith({ 'wg0.conf': text }), 'wg0.conf');
    const { code, stderr } = await wgql('import', file, '--take-over', '--apply');
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('Created 1000 and updated 0 users'),
    ]);
  });

  it.each([
    ['a file of something else', 'x.conf', 'hello', 'is not a file of wg-quick, wg-easy'],
    ['nothing', 'x.conf', null, 'cannot be read; check the path'],
  ])('says why it cannot read %s', async (_, name, text, said) => {
    const app = await startFleet();
    const folder = await folderWith(text === null ? {} : { [name]: text });
    const { code, stdout, stderr } = await (await commandsOf(app))('import', join(folder, name));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(said);
  });
});

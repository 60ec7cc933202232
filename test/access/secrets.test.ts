import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { found } from '../support/canary.ts';
import { newPresharedKey, polls } from '../support/enforced.ts';
import { newPublicKey } from '../support/fake-wireguard.ts';
import { startProgram } from '../support/program.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const newToken = () => `wgql_${randomBytes(32).toString('base64url')}`;

/** The files of the folder but for the key under which secrets are kept; as a crash would leave them. */
async function filesOf(folder: string): Promise<[string, Buffer][]> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.key'));
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name))] as [string, Buffer]),
  );
}

/** Talks to the program and keeps all that it answers. */
function recorder(app: TestApp) {
  const answers: string[] = [];
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${app.url}${path}`, init);
    const text = await response.text();
    answers.push(JSON.stringify([...response.headers]), text);
    return text;
  };
  const json = (body: unknown, headers: Record<string, string>) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    answers,
    ask,
    post: (path: string, body: unknown, headers: Record<string, string>) =>
      ask(path, json(body, headers)),
    graphql: (query: string, variables: object, headers: Record<string, string>) =>
      ask('/graphql', json({ query, variables }, headers)),
    /** An answer that shows its secret once, and so is not kept. */
    once: async (query: string, variables: object, headers: Record<string, string>) => {
      const response = await fetch(`${app.url}/graphql`, json({ query, variables }, headers));
      const text = await response.text();
      return { text, data: JSON.parse(text).data };
    },
    /** Everything that a socket is told until `until` says that it is enough. */
    listen: async (params: object, queries: readonly string[]) => {
      const socket = new WebSocket(
        `${app.url.replace('http', 'ws')}/graphql`,
        'graphql-transport-ws',
      );
      onTestFinished(() => socket.terminate());
      const closed = once(socket, 'close');
      socket.on('message', (message) => answers.push(String(message)));
      await once(socket, 'open');
      const send = (message: object) => socket.send(JSON.stringify(message));
      send({ type: 'connection_init', payload: params });
      await Promise.race([once(socket, 'message'), closed]);
      queries.forEach((query, index) => {
        send({ id: String(index), type: 'subscribe', payload: { query } });
      });
      return { closed, close: () => socket.close() };
    },
  };
}

describe('secrets', () => {
  it('are in no answer, no message, no line of the log and no page of the database', async () => {
    const log: string[] = [];
    const own = newToken();
    const app = await startTestApp({
      env: { WGQL_TOKEN: own, WGQL_LOG_LEVEL: 'trace' },
      log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
      prepare: (wireguard) => {
        wireguard.interface().publicKey = newPublicKey();
      },
    });
    const { answers, ask, post, graphql, once: askOnce, listen } = recorder(app);
    const wg0 = app.wireguard.interface();
    const admin = { authorization: `Bearer ${own}` };
    const secrets: Record<string, string> = {
      own,
      guessed: newToken(),
      created: newPresharedKey(),
      updated: newPresharedKey(),
      discovered: newPresharedKey(),
      refused: newPresharedKey(),
    };
    const once1 = await askOnce(
      'mutation { createToken(input: { name: "vera", role: VIEWER }) { secret token { id } } }',
      {},
      admin,
    );
    const made = once1.data.createToken;
    secrets.made = made.secret;
    const once2 = await askOnce(
      'mutation { provisionUser(input: { endpoint: "vpn.example.org" }) { configuration qrSvg } }',
      {},
      admin,
    );
    const { configuration } = once2.data.provisionUser;
    secrets.privateKey = /^PrivateKey = (.+)$/m.exec(configuration)?.[1] ?? '';
    secrets.provisioned = /^PresharedKey = (.+)$/m.exec(configuration)?.[1] ?? '';

    // That the search finds what is there, in each of the forms.
    expect(found(secrets, once1.text)).toEqual(['made']);
    expect(found(secrets, once2.text)).toEqual(['privateKey', 'provisioned']);
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      for (const before of ['', 'a', 'ab']) {
        const wrapped = Buffer.from(`${before}${secrets.created} and more`).toString(form);
        expect(found(secrets, wrapped)).toEqual(['created']);
      }
    }

    const viewer = { authorization: `Bearer ${secrets.made}` };
    const basic = (secret = '') => ({
      authorization: `Basic ${Buffer.from(`x:${secret}`).toString('base64')}`,
    });
    const socket = await listen({ Authorization: `Bearer ${own}` }, [
      'subscription { events(after: "0") { id type reason actor endpoint user { publicKey } } }',
      'subscription { presence { isOnline user { publicKey note allowedIps } } }',
      'subscription { status { lastError } }',
    ]);
    const refused = await listen({ Authorization: `Bearer ${secrets.guessed}` }, []);
    await refused.closed;

    // Kept, changed, captured from a peer, taken off and put back.
    const publicKey = newPublicKey();
    const { created, updated, discovered } = secrets;
    await post('/api/users/create', { peer_pubkey: publicKey, preshared_key: created }, admin);
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.77/32'] });
    wg0.presharedKeys.set(peer.publicKey, discovered ?? '');
    wg0.shakeHands(peer);
    await polls(app);
    const { data } = await app.graphql(
      'query ($a: String, $b: String) { a: user(publicKey: $a) { id } b: user(publicKey: $b) { id } }',
      { a: publicKey, b: peer.publicKey },
      admin,
    );
    await graphql(
      'mutation ($id: ID!, $key: String) { updateUser(id: $id, input: { presharedKey: $key }) { user { id } } }',
      { id: data.a.id, key: updated },
      admin,
    );
    for (const action of ['disable', 'enable', 'kick']) {
      await ask(`/api/users/${data.b.id}/${action}`, { headers: admin });
      await polls(app);
    }

    // Mistakes, each with a secret in it.
    const { refused: lost = '', guessed } = secrets;
    const update = `/api/users/${data.a.id}/update`;
    await post(update, { preshared_key: `${lost}=` }, admin);
    await post(update, { preshared_key: lost, nope: lost }, admin);
    await post(update, { preshared_key: [lost], mail: lost, enabled: lost }, admin);
    await post(update, `{"preshared_key": "${lost}"`, admin);
    await post(update, { preshared_key: lost }, viewer);
    await ask(`/api/users?token=${own}`);
    const input =
      'mutation ($i: UpdateUserInput!) { updateUser(id: "1", input: $i) { user { id } } }';
    for (const i of [
      { presharedKey: [lost] },
      { presharedKey: lost, nope: 1 },
      { presharedKey: { key: lost } },
      { enabled: lost, presharedKey: lost },
      { quotaPeriod: lost },
      { expiresAt: lost },
      { dataLimit: lost },
      lost,
    ]) {
      await graphql(input, { i }, admin);
    }
    for (const value of [`["${lost}"]`, `{ a: "${lost}" }`, `"${lost}" x`, `"${lost}`]) {
      const literal = `{ presharedKey: ${value} }`;
      await graphql(
        `mutation { updateUser(id: "1", input: ${literal}) { user { id } } }`,
        {},
        admin,
      );
      await graphql(`mutation { updateUser(id: 1, input: "${lost}") { user { id } } }`, {}, admin);
    }
    for (const headers of [viewer, basic(secrets.made), basic(guessed), { authorization: own }]) {
      await graphql('{ tokens { id name } auditLog { totalCount } }', {}, headers);
      await ask('/api/users', { headers });
      await ask(`/api/users/1/disable`, { headers });
    }

    // Everything that can be read.
    for (const path of ['users', 'users/management', 'events', 'events/history', 'status']) {
      await ask(`/api/${path}`, { headers: admin });
    }
    await graphql(
      `{ auditLog(first: 1000) { edges { node { actor action detail } } }
         events(first: 1000) { edges { node { type reason actor } } }
         users { edges { node { publicKey note allowedIps enforcement { lastError } } } }
         tokens { id name role createdBy allowedFrom } status { lastError } }`,
      {},
      admin,
    );
    // Failures inside, which are logged with their causes.
    const file = new Database(join(app.folder, 'wgql.db'));
    file.exec('ALTER TABLE "AuditEntry" RENAME TO "Gone"');
    await post(update, { preshared_key: lost }, admin);
    await graphql(input, { i: { presharedKey: lost } }, admin);
    await graphql(
      'mutation { createToken(input: { name: "x", role: ADMIN }) { secret } }',
      {},
      admin,
    );
    file.exec('ALTER TABLE "Gone" RENAME TO "AuditEntry"');
    file.close();
    app.wireguard.commands.put = async () => {
      throw new Error('The peers could not be put.');
    };
    await ask(`/api/users/${data.a.id}/disable`, { headers: admin });
    await polls(app);
    await ask(`/api/users/${data.a.id}/enable`, { headers: admin });
    await polls(app);
    await graphql(
      'mutation ($id: ID!) { revokeToken(id: $id) { token { id } } }',
      made.token,
      admin,
    );

    for (const [name, bytes] of await filesOf(app.folder)) {
      expect(found(secrets, bytes), name).toEqual([]);
    }
    socket.close();
    await socket.closed;
    await app.app.stop();
    for (const [name, bytes] of await filesOf(app.folder)) {
      expect(found(secrets, bytes), name).toEqual([]);
    }
    expect(answers.length).toBeGreaterThan(60);
    for (const answer of answers) expect(found(secrets, answer), answer).toEqual([]);
    expect(log.filter((line) => line.includes('Gone') || line.includes('AuditEntry'))).toHaveLength(
      3,
    );
    for (const line of log) expect(found(secrets, line), line).toEqual([]);
  });

  it('are in nothing that the program leaves when it is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wgql-canary-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const secrets = { own: newToken(), key: newPresharedKey(), changed: newPresharedKey() };
    const program = await startProgram({
      cwd: folder,
      env: {
        WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`,
        WGQL_TOKEN: secrets.own,
        WGQL_LOG_LEVEL: 'trace',
        WGQL_MANAGE: 'on',
      },
    });
    const post = async (path: string, body: object) => {
      const response = await fetch(`${program.url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${secrets.own}`,
        },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
    };
    await post('/api/users', { peer_pubkey: newPublicKey(), preshared_key: secrets.key });
    await post('/api/users/1/update', { preshared_key: secrets.changed });
    const { stdout, stderr } = await program.stop('SIGKILL');
    const files = await filesOf(folder);
    expect(files.map(([name]) => name)).toContain('wgql.db-wal');
    for (const [name, bytes] of files) expect(found(secrets, bytes), name).toEqual([]);
    expect(found(secrets, stdout + stderr)).toEqual([]);
  });
});

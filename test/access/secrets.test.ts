import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { newPresharedKey, polls } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { plant } from '../fixtures/leak-detector.ts';
import { startProgram } from '../fixtures/program.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

const newToken = () => plant(`wgql_${randomBytes(32).toString('base64url')}`);

/** Opens a WebSocket, sends each of the queries, and resolves when it is closed. */
async function listen(app: TestApp, params: object, queries: readonly string[]) {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const closed = once(socket, 'close');
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: params });
  await Promise.race([once(socket, 'message'), closed]);
  queries.forEach((query, index) => {
    send({ id: String(index), type: 'subscribe', payload: { query } });
  });
  return { closed, close: () => socket.close() };
}

describe('secrets', () => {
  // The harness searches the collected texts when the test ends.
  it('are in no response, message, log line or database page', async () => {
    const own = newToken();
    const app = await startTestApp({
      env: { WGQL_TOKEN: own },
      prepare: (wireguard) => {
        wireguard.interface().publicKey = newPublicKey();
      },
    });
    const ask = (path: string, init?: RequestInit) => app.rest(path, init);
    const post = (path: string, body: unknown, headers: Record<string, string>) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const { graphql } = app;
    const wg0 = app.wireguard.interface();
    const admin = { authorization: `Bearer ${own}` };
    const guessed = newToken();
    const [created, updated, discovered] = [
      newPresharedKey(),
      newPresharedKey(),
      newPresharedKey(),
    ];
    const lost = newPresharedKey();
    const made = (
      await graphql(
        'mutation { createToken(input: { name: "vera", role: VIEWER }) { secret token { id } } }',
        {},
        admin,
      )
    ).data.createToken;
    const provisioned = await graphql(
      'mutation { provisionUser(input: { endpoint: "vpn.example.org" }) { configuration qrSvg } }',
      {},
      admin,
    );
    expect(provisioned.errors).toBeUndefined();

    const viewer = { authorization: `Bearer ${made.secret}` };
    const basic = (secret = '') => ({
      authorization: `Basic ${Buffer.from(`x:${secret}`).toString('base64')}`,
    });
    const socket = await listen(app, { Authorization: `Bearer ${own}` }, [
      'subscription { events(after: "0") { id type reason actor endpoint user { publicKey } } }',
      'subscription { presence { isOnline user { publicKey note allowedIps } } }',
      'subscription { status { lastError } }',
    ]);
    const refused = await listen(app, { Authorization: `Bearer ${guessed}` }, []);
    await refused.closed;

    // The key is stored, changed, read from a peer, removed and restored.
    const publicKey = newPublicKey();
    await post('/api/users/create', { peer_pubkey: publicKey, preshared_key: created }, admin);
    const peer = wg0.addPeer({ allowedIps: ['10.8.0.77/32'] });
    wg0.presharedKeys.set(peer.publicKey, discovered);
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

    // Invalid requests, each with a secret in it.
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
    for (const headers of [viewer, basic(made.secret), basic(guessed), { authorization: own }]) {
      await graphql('{ tokens { id name } auditLog { totalCount } }', {}, headers);
      await ask('/api/users', { headers });
      await ask(`/api/users/1/disable`, { headers });
    }

    // All data that can be read.
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
    // Internal failures, which are logged with their causes.
    const file = new Database(join(app.folder, 'wgql.db'));
    file.exec('ALTER TABLE "AuditEntry" RENAME TO "Gone"');
    const anHour = () => app.clock.advance(3_600_000);
    await post(update, { preshared_key: lost }, admin);
    // Each kind of failure is logged once an hour.
    anHour();
    await graphql(input, { i: { presharedKey: lost } }, admin);
    anHour();
    await graphql(
      'mutation { createToken(input: { name: "x", role: ADMIN }) { secret } }',
      {},
      admin,
    );
    file.exec('ALTER TABLE "Gone" RENAME TO "AuditEntry"');
    file.close();
    app.wireguard.commands.write = async () => {
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

    socket.close();
    await socket.closed;
    const failures = app.log.filter((line) => /Gone|AuditEntry/.test(line));
    expect(failures).toHaveLength(3);
  }, 60_000);

  it('are in no file of a program that was killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wgql-canary-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const own = newToken();
    const [key, changed] = [newPresharedKey(), newPresharedKey()];
    const program = await startProgram({
      cwd: folder,
      env: {
        WGQL_DATABASE_URL: `file:${join(folder, 'wgql.db')}`,
        WGQL_TOKEN: own,
        WGQL_MANAGE: 'on',
      },
    });
    const post = async (path: string, body: object) => {
      const response = await fetch(`${program.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${own}` },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
    };
    await post('/api/users', { peer_pubkey: newPublicKey(), preshared_key: key });
    await post('/api/users/1/update', { preshared_key: changed });
    await program.stop('SIGKILL');
    expect(await readdir(folder)).toContain('wgql.db-wal');
  });
});

import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type ConfigError, readConfig } from '../../src/config/config.ts';
import { VARIABLES } from '../../src/config/variables.ts';
import { runHere } from '../fixtures/command.ts';
import { newPresharedKey } from '../fixtures/enforcement-app.ts';
import { plant, takeLeaks } from '../fixtures/leak-detector.ts';
import { run } from '../fixtures/program.ts';
import type { TestApp } from '../fixtures/test-app.ts';
import { temporaryDatabaseUrl } from '../fixtures/test-store.ts';
import { type RawRequest, send, startFleet, stateOf } from '../rest/support.ts';

/** Secrets in different notations: a key, a token, hex, a key that looks like a name, and a password. */
const SECRETS = [
  newPresharedKey(),
  plant('wgql_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYm8'),
  plant('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
  plant('QmFzZVNpeHR5Rm91ck9mVGhpcnR5VHdvQnl0ZXNPZkE'),
  plant('Zx9$kq2!Lm4@pw7#Rt1%vb8^nc3&Hj6(Qs5)'),
];
/** All settings that the program reads. */
const SETTINGS = Object.keys(VARIABLES);

/** Every problem and warning of the settings, in both languages. */
function whatSettingsSay(env: NodeJS.ProcessEnv): string {
  try {
    return JSON.stringify(readConfig(env).warnings);
  } catch (error) {
    return JSON.stringify((error as ConfigError).problems);
  }
}

const FORM = 'application/x-www-form-urlencoded';

/** Requests with a secret in the wrong place. */
function requestsWith(secret: string): RawRequest[] {
  const encoded = encodeURIComponent(secret);
  const posts = ['/api/users/create', '/api/users/1/update', '/api/users/1/action'].flatMap(
    (path) =>
      [
        [FORM, `${encoded}=1`],
        [FORM, secret],
        [FORM, `${encoded}&preshared_key=${encoded}x`],
        [FORM, `preshared_key:${secret}`],
        [FORM, `action=${encoded}&mail=${encoded}&enabled=${encoded}&data_limit=${encoded}`],
        [FORM, `{"preshared_key":"${secret}"`],
        [FORM, encodeURIComponent(`{"preshared_key":"${secret}"}`)],
        ['text/plain', `preshared_key=${encoded}`],
        [
          'application/json',
          JSON.stringify({ [secret]: 1, allowed_ips: [secret], interface: secret }),
        ],
        ['application/json', `{"preshared_key":"${secret}`],
        ['application/json', JSON.stringify(secret)],
        [`application/${secret}`, 'x'],
        [`application/json; charset=${secret}`, '{}'],
      ].map(([type = '', body = '']) => ({
        method: 'POST',
        path,
        body,
        headers: { 'content-type': type },
      })),
  );
  const gets = [
    `/api/${encoded}`,
    `/${encoded}`,
    `/api/users/${encoded}/enable`,
    `/api/users/1/${encoded}`,
    `/api/users/1/action?action=${encoded}`,
    `/api/users?${encoded}=1&page=${encoded}`,
    `/api/users/management?status=${encoded}&search=${encoded}`,
    `/api/events/history?user_id=${encoded}&from=${encoded}&to=${encoded}&status=${encoded}`,
    `/api/traffic/chart?days=${encoded}`,
    `/graphql?query=${encoded}`,
    `/graphql?${encoded}=1`,
    `/graphql?query=%7Bstatus%7Brunning%7D%7D&variables=${encoded}&operationName=${encoded}`,
  ].map((path) => ({ path }));
  const headers = ['host', 'origin', 'referer', 'accept', 'accept-language', 'content-encoding'];
  const marked = [...headers, 'x-key', 'expect', 'upgrade', 'sec-websocket-protocol'].map(
    (name) => ({ path: '/api/users', headers: { [name]: secret } }),
  );
  return [...posts, ...gets, ...marked, { path: '/api/users', headers: { host: `${secret}:80` } }];
}

/** Documents, variables and other parts of operations with a secret in the wrong place. */
function operationsWith(secret: string): object[] {
  const name = secret.replace(/[^A-Za-z0-9_]/g, '_').replace(/^\d/, '_$&');
  const update =
    'mutation ($i: UpdateUserInput!) { updateUser(id: "1", input: $i) { user { id } } }';
  return [
    `{ ${name} }`,
    `{ users { ${name} } }`,
    `{ status { running(${name}: 1) } }`,
    `query ($${name}: String) { status { running } }`,
    `query ($a: ${name}) { status { running } }`,
    `{ status { ...${name} } }`,
    `{ status @${name} { running } }`,
    `{ user(id: $${name}) { id } }`,
    `fragment ${name} on Status { running } { status { running } }`,
    `query ${name} { status { running } } query ${name} { status { running } }`,
    `mutation { updateUser(id: "1", input: { ${name}: 1 }) { user { id } } }`,
    `mutation { updateUser(id: "1", input: { quotaPeriod: ${name} }) { user { id } } }`,
    `${name} { status }`,
    `{ status } ${name}`,
    `{ status { running } } "${secret}"`,
    `{ ${secret} }`,
  ]
    .map((query): object => ({ query }))
    .concat([
      { query: update, variables: { i: { [secret]: 1 } } },
      { query: update, variables: { i: { presharedKey: { [secret]: secret } } } },
      { query: update, variables: { i: [secret] } },
      { query: update, variables: secret },
      { query: update, variables: { [secret]: 1 } },
      { query: '{ status { running } }', operationName: secret },
      { query: '{ status { running } }', [secret]: 1 },
      { query: '{ status { running } }', extensions: secret },
      { query: [secret] },
    ]);
}

async function overSocket(app: TestApp, messages: readonly object[]): Promise<void> {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  const closed = once(socket, 'close');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  for (const message of messages) socket.send(JSON.stringify(message));
  socket.send('{}');
  await closed;
}

describe('a secret in the wrong place', () => {
  it.each(SECRETS)('of a REST request is not repeated (secret %#)', async (secret) => {
    const app = await startFleet();
    const before = await stateOf(app);
    for (const request of requestsWith(secret)) {
      const { status } = await send(app, request).catch(() => ({ status: 400 }));
      expect.soft(status, JSON.stringify(request)).not.toBe(500);
    }
    expect(await stateOf(app)).toEqual(before);
    expect(takeLeaks()).toEqual([]);
  });

  it.each(SECRETS)(
    'of an operation is not repeated (secret %#)',
    async (secret) => {
      const app = await startFleet();
      const before = await stateOf(app);
      for (const operation of operationsWith(secret)) {
        const { status } = await app.rest('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(operation),
        });
        expect.soft(status, JSON.stringify(operation)).not.toBe(500);
        await overSocket(app, [{ id: '1', type: 'subscribe', payload: operation }]);
      }
      await overSocket(app, [{ type: secret }]);
      await overSocket(app, [{ type: 'ping', payload: secret }]);
      expect(await stateOf(app)).toEqual(before);
      expect(takeLeaks()).toEqual([]);
    },
    60_000,
  );

  it('of a socket that uses an id twice is not repeated, whatever the length of the id', async () => {
    const app = await startFleet();
    for (const [id, code] of [
      [plant('wgql_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYm8'), 4409],
      ['x'.repeat(5_000), 4409],
      ['constructor', 4409],
    ] as const) {
      const url = `${app.url.replace('http', 'ws')}/graphql`;
      const socket = new WebSocket(url, 'graphql-transport-ws');
      onTestFinished(() => socket.terminate());
      await once(socket, 'open');
      const closed = once(socket, 'close');
      socket.send(JSON.stringify({ type: 'connection_init' }));
      await once(socket, 'message');
      const payload = { query: 'subscription { events { id } }' };
      for (let n = 0; n < 2; n++) socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
      const [closeCode, reason] = await closed;
      expect([closeCode, String(reason).includes(id)]).toEqual([code, id === 'constructor']);
    }
  });

  it.each(SECRETS)('of a command is not repeated (secret %#)', async (secret) => {
    const env = { WGQL_DATABASE_URL: await temporaryDatabaseUrl() };
    for (const args of [
      ['token', 'create', secret],
      ['token', 'create', '--name', 'a', '--role', secret],
      ['token', 'create', '--name', 'a', '--role', 'viewer', '--from', secret],
      ['token', 'create', `--${secret}`],
      ['token', 'revoke', secret],
      [secret],
    ]) {
      const { code, stdout, stderr } = await runHere({ env, args });
      expect(code).not.toBe(0);
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('of a command is not repeated by the program that runs it', async () => {
    const [secret] = SECRETS as [string];
    const { code, stdout, stderr } = await run({ cwd: '/tmp', args: ['token', 'create', secret] });
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(secret);
  });

  it.each(SECRETS)('of the settings is not repeated (secret %#)', (secret) => {
    for (const name of SETTINGS) {
      for (const value of [
        secret,
        `https://me:${secret}@app.example`,
        `a=${secret}`,
        `${secret.slice(0, 12)},${secret.slice(12)}!`,
      ]) {
        const said = whatSettingsSay({ [name]: value });
        // Checks each part, because a message may omit some of the characters.
        for (let at = 0; at + 8 <= secret.length; at++)
          expect.soft(said, name).not.toContain(secret.slice(at, at + 8));
      }
    }
  });

  it('of the settings is not used as a file path', () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${newPresharedKey()}`;
    const settings = ['WGQL_TLS_CERT', 'WGQL_TLS_KEY', 'WGQL_SECRET_KEY_FILE'];
    for (const name of settings) {
      for (const value of [pem, newPresharedKey(), 'af'.repeat(32)]) {
        const said = whatSettingsSay({ [name]: value });
        expect(said).toMatch(new RegExp(`${name} must be the path of a file`));
        expect(said).not.toContain(value);
      }
    }
  });
});

describe('a name of an unknown field', () => {
  it.each(['colour', '__proto__', '颜色', 'x'.repeat(64), 'a_long_name_that_is_made_of_words'])(
    'is repeated if it cannot be a secret: %s',
    async (name) => {
      const app = await startFleet();
      const { body } = await app.rest('/api/users/1/update', {
        method: 'POST',
        body: `{${JSON.stringify(name)}:1}`,
      });
      expect(body.message).toBe(`${name}：不是此请求的字段`);
    },
  );

  it.each(['x'.repeat(65), 'two words', '{"a":1}', ''])(
    'is not repeated if it may be a secret, and the error names the body: %s',
    async (name) => {
      const app = await startFleet();
      const { status, body } = await app.post('/api/users/1/update', { [name]: 1, colour: 2 });
      expect(status).toBe(400);
      expect(body.message).toMatch(/^colour：不是此请求的字段 body：/);
      if (name !== '') expect(body.message).not.toContain(name);
    },
  );
});

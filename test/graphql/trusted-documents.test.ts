import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { openSocket, socketUrl } from '../live/support.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const TRUSTED = 'query Totals { dashboard { totalUsers } }';
const OTHER = 'query Others { dashboard { onlineUsers } }';
const ANSWER = { data: { dashboard: { totalUsers: 0 } } };
const byHash = (text: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: sha256(text) } },
});

let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgql-documents-'));
  file = join(folder, 'documents.json');
  await writeFile(file, JSON.stringify({ [sha256(TRUSTED)]: TRUSTED, totals: TRUSTED }));
});
afterAll(() => rm(folder, { recursive: true }));

const start = () => startTestApp({ env: { WGQL_TRUSTED_DOCUMENTS: file } });

async function post(app: TestApp, body: object) {
  const answer = await app.rest('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: answer.body };
}

describe('with a list of trusted documents', () => {
  it('each of them runs by its id, its hash or its text, over every transport', async () => {
    const app = await start();
    for (const request of [
      { documentId: 'totals' },
      { documentId: `sha256:${sha256(TRUSTED)}` },
      byHash(TRUSTED),
      { query: TRUSTED },
    ]) {
      expect(await post(app, request), JSON.stringify(request)).toEqual({
        ...{ status: 200, body: ANSWER },
      });
      const socket = await openSocket(socketUrl(app));
      socket.send({ id: 'a', type: 'subscribe', payload: request });
      expect((await socket.received('next', 'a')).payload).toEqual(ANSWER);
    }
    const named = new URLSearchParams({ documentId: 'totals' });
    expect((await app.rest(`/graphql?${named}`)).body).toEqual(ANSWER);
  });

  it('nothing else runs, not even introspection or a document with its own hash', async () => {
    const app = await start();
    for (const request of [
      { query: OTHER },
      { query: `${TRUSTED} ` },
      { query: '{ __schema { queryType { name } } }' },
      { query: OTHER, ...byHash(OTHER) },
      { query: OTHER, ...byHash(TRUSTED) },
      { query: OTHER, documentId: 'totals' },
      byHash(OTHER),
      { documentId: 'others' },
      ...[{ documentId: 'constructor' }, { documentId: 1 }, { documentId: { toString: 1 } }],
    ]) {
      const { status, body } = await post(app, request);
      expect(status, JSON.stringify(request)).toBe(403);
      expect(body.errors[0].extensions.code).toBe('FORBIDDEN');
      const socket = await openSocket(socketUrl(app));
      socket.send({ id: 'a', type: 'subscribe', payload: request });
      const [error] = (await socket.received('error', 'a')).payload as {
        extensions: { code: string };
      }[];
      expect(error?.extensions.code).toBe('FORBIDDEN');
    }
    const page = await app.rest('/graphql', { headers: { accept: 'text/html' } });
    expect(page.text).not.toContain('<html');
  });
});

describe('a list of trusted documents is refused at the start', () => {
  it.each([
    ['that is not JSON', 'x', /must contain a JSON object/],
    ['that is not an object of texts', '[1]', /must contain a JSON object/],
    [
      'with a document that is not GraphQL',
      '{"a": "query {"}',
      /the document a of .* Syntax Error/,
    ],
    ['with a document of another schema', '{"a": "{ nothing }"}', /the document a of .*"nothing"/],
  ])('%s', async (_, content, problem) => {
    const bad = join(folder, 'bad.json');
    await writeFile(bad, content);
    const started = startTestApp({ env: { WGQL_TRUSTED_DOCUMENTS: bad } });
    await expect(started).rejects.toThrow(problem);
  });

  it('that is not there', async () => {
    const missing = join(folder, 'missing.json');
    const started = startTestApp({ env: { WGQL_TRUSTED_DOCUMENTS: missing } });
    await expect(started).rejects.toThrow(
      /^WGQL_TRUSTED_DOCUMENTS: .*missing\.json cannot be read \(ENOENT\)/,
    );
  });
});

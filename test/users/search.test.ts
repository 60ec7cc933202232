import { expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

const NAMES = [
  'Anna Example',
  'Иван Пример',
  'Ärger École',
  'ΑΘΗΝΑΣ',
  'Zoe\u0308',
  'Straße 5',
  'İstanbul',
  '１００%_sure',
  '100 others',
];

async function withNames(): Promise<{ app: TestApp; keys: readonly string[] }> {
  const app = await startTestApp();
  const keys = NAMES.map(() => newPublicKey());
  for (const [index, nickname] of NAMES.entries()) {
    const body = { peer_pubkey: keys[index], nickname, mail: `${index}@bücher.example` };
    const { status } = await app.post('/api/users/create', body);
    expect(status).toBe(200);
  }
  return { app, keys };
}

/** The nicknames that both APIs find, which must be the same. */
async function found(app: TestApp, search: string): Promise<string[]> {
  const query = `query ($search: String) {
    users(filter: { search: $search }) { totalCount edges { node { nickname } } } }`;
  const { data, errors } = await app.graphql(query, { search });
  expect(errors).toBeUndefined();
  const names = data.users.edges.map(({ node }: { node: { nickname: string } }) => node.nickname);
  expect(data.users.totalCount).toBe(names.length);
  const path = `/api/users/management?${new URLSearchParams({ search, per_page: '100' })}`;
  const { body, headers } = await app.rest(path);
  expect(body.map(({ nickname }: { nickname: string }) => nickname)).toEqual(names);
  expect(headers.get('x-total-count')).toBe(String(names.length));
  return names;
}

it('a search finds a name whatever its case, composition and width, in both APIs', async () => {
  const { app } = await withNames();
  for (const [search, name] of [
    ['anna', 'Anna Example'],
    ['  ANNA ', 'Anna Example'],
    ['ИВАН', 'Иван Пример'],
    ['ärger', 'Ärger École'],
    ['A\u0308RGER', 'Ärger École'],
    ['ÉCOLE', 'Ärger École'],
    ['αθηνας', 'ΑΘΗΝΑΣ'],
    ['Αθηνασ', 'ΑΘΗΝΑΣ'],
    ['ZOË', 'Zoe\u0308'],
    ['STRASSE', 'Straße 5'],
    ['istanbul', 'İstanbul'],
    ['100%', '１００%_sure'],
    ['%_S', '１００%_sure'],
  ] as const) {
    expect(await found(app, search), search).toEqual([name]);
  }
  expect(await found(app, '100')).toEqual(['１００%_sure', '100 others']);
  expect(await found(app, '_x')).toEqual([]);
});

it('a search looks in mail and public keys in the same way, and a blank one finds all', async () => {
  const { app, keys } = await withNames();
  const key = keys[3] ?? '';
  expect(await found(app, '3@BU\u0308CHER')).toEqual(['ΑΘΗΝΑΣ']);
  expect(await found(app, key.slice(5, 30))).toEqual(['ΑΘΗΝΑΣ']);
  expect(await found(app, key.toLowerCase())).toEqual(['ΑΘΗΝΑΣ']);
  expect(await found(app, '   ')).toHaveLength(NAMES.length);
  expect(await found(app, '\u200b')).toHaveLength(NAMES.length);
});

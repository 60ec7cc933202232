import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { shared } from '../fixtures/shared.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { expectError } from './support.ts';

const START_MS = Date.UTC(2025, 0, 1);
/** More than are read at a time. */
const ENTRIES = 50_000;
/** Every so many entries are of the same kind. */
const EVERY = 9_000;

const at = (id: number) => new Date(START_MS + id * 1000).toISOString();

/** An entry a second: most by ada, about the users 1 to 100; the rare ones by bob, about user 7. */
const app = shared(async (): Promise<TestApp> => {
  const started = await startTestApp();
  const file = new Database(`${started.folder}/wgql.db`);
  file
    .prepare(
      `WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${ENTRIES})
       INSERT INTO "AuditEntry" ("id", "at", "actor", "action", "userId", "detail")
       SELECT id, ? + id * 1000, IIF(id % ${EVERY} = 0, 'bob', 'ada'),
              IIF(id % ${EVERY} = 0, 'kickUser', 'updateUser'), IIF(id % ${EVERY} = 0, 7, 1 + id % 100), '{}'
       FROM n`,
    )
    .run(START_MS);
  file.close();
  return started;
});

const RARE = [1, 2, 3, 4, 5].map((time) => String(time * EVERY));

async function find(filter: string, more = 'first: 1000') {
  const { data, errors } = await app().graphql(
    `{ auditLog(${more}, filter: ${filter}) {
       totalCount edges { cursor node { id } }
       pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }`,
  );
  expect(errors).toBeUndefined();
  const { edges, ...rest } = data.auditLog;
  return { ...rest, ids: edges.map(({ node }: { node: { id: string } }) => node.id) };
}

describe('the filter of the audit log', () => {
  it.each([
    ['an action', '{ actions: [kickUser] }'],
    ['an actor', '{ actor: "bob" }'],
    ['a user and an action', '{ userId: "7", actions: [kickUser, deleteUser] }'],
    [
      'everything',
      '{ userId: "7", actor: "bob", actions: [kickUser], from: "2025-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }',
    ],
  ])('finds rare entries by %s, in both directions', async (_, filter) => {
    expect(await find(filter)).toMatchObject({ ids: RARE, totalCount: 5 });
    expect((await find(filter, 'first: 1000, newestFirst: true')).ids).toEqual(RARE.toReversed());
  });

  it('pages with cursors, which stay ids', async () => {
    const filter = '{ actor: "bob" }';
    const first = await find(filter, 'first: 2');
    expect(first).toMatchObject({
      ids: RARE.slice(0, 2),
      pageInfo: { endCursor: RARE[1], hasNextPage: true, hasPreviousPage: false },
    });
    expect(await find(filter, `first: 2, after: "${first.pageInfo.endCursor}"`)).toMatchObject({
      ids: RARE.slice(2, 4),
      pageInfo: { hasNextPage: true, hasPreviousPage: true },
    });
    expect(await find(filter, `first: 2, after: "${RARE[3]}"`)).toMatchObject({
      ids: RARE.slice(4),
      pageInfo: { hasNextPage: false },
    });
    expect(await find(filter, 'last: 2')).toMatchObject({
      ids: RARE.slice(3),
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    expect(await find(filter, `last: 2, before: "${RARE[1]}"`)).toMatchObject({
      ids: RARE.slice(0, 1),
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
  });

  it('has times from the first one to before the second one', async () => {
    const filter = `{ from: "${at(20_001)}", to: "${at(20_004)}" }`;
    const ids = ['20001', '20002', '20003'];
    expect(await find(filter)).toMatchObject({ ids, totalCount: 3 });
    expect(await find(`{ to: "${at(1)}" }`)).toMatchObject({ ids: [], totalCount: 0 });
    expect((await find(`{ from: "${at(ENTRIES)}" }`)).ids).toEqual([String(ENTRIES)]);
  });

  it('finds the entries of a user', async () => {
    const { ids, totalCount } = await find('{ userId: "3" }', 'first: 3');
    expect(ids).toEqual(['2', '102', '202']);
    expect(totalCount).toBe(500);
    expect(await find('{ userId: "999" }')).toMatchObject({ ids: [], totalCount: 0 });
  });

  it('does not filter by what is absent or null, and finds nothing for an empty list', async () => {
    const empty = '{ userId: null, actions: null, actor: null, from: null, to: null }';
    for (const filter of ['null', '{}', empty]) {
      expect(await find(filter, 'first: 1')).toMatchObject({ ids: ['1'], totalCount: ENTRIES });
    }
    expect(await find('{ actions: [] }')).toMatchObject({ ids: [], totalCount: 0 });
  });

  it('is refused with what is not valid', async () => {
    const many = Array(1_001).fill('kickUser').join(', ');
    for (const [filter, field] of [
      ['{ userId: "x" }', 'userId'],
      [`{ actions: [${many}] }`, 'actions'],
      [`{ actor: "${'a'.repeat(5_000)}" }`, 'actor'],
    ] as const) {
      const answer = await app().graphql(`{ auditLog(filter: ${filter}) { totalCount } }`);
      expectError(answer, 'INVALID_ARGUMENT', [field]);
    }
  });
});

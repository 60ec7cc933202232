import { describe, expect, it } from 'vitest';
import { logList, pageOf } from '../../src/resolvers/pages/page.ts';
import { shared } from '../fixtures/shared.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { expectError, type PageOf } from './support.ts';

interface Node {
  readonly id: string;
}

const ORDERS = [
  ...['ID', 'NICKNAME', 'LAST_SEEN', 'CREATED_AT', 'TOTAL_RX', 'TOTAL_TX'],
  ...['ONLINE', 'RATE', 'TODAY', 'QUOTA_USED', 'EXPIRES_AT'],
];

const usersBy = (order: string, descending: boolean) => (pageArgs: string) =>
  `users(${pageArgs}, orderBy: { field: ${order}, descending: ${descending} })`;

const sessionsOf = (pageArgs: string) => `sessions(${pageArgs})`;

const NICKNAMES = ['b', 'a', 'b', 'é', '😀', '\uff41'];

/** Users with equal values in every order except the id, users never seen, and totals beyond 2^53. */
async function withUsers(count = 6): Promise<TestApp> {
  const app = await startTestApp();
  const wg0 = app.wireguard.interface();
  await app.polled();
  const peers = Array.from({ length: count }, () => wg0.addPeer());
  for (const [index, peer] of peers.entries()) {
    if (index % 2 === 0) wg0.shakeHands(peer);
    // Adjacent totals differ by one byte, which a double cannot represent.
    peer.rxBytes += 9_007_199_254_740_992n + BigInt(index >> 1);
    peer.txBytes += 9_007_199_254_740_992n + BigInt(index >> 1);
  }
  await app.polled();
  for (let index = 0; index < count; index++) {
    const nickname = NICKNAMES[index % NICKNAMES.length];
    await app.post(`/api/users/${index + 1}/update`, { nickname });
  }
  return app;
}

async function pageAt(
  app: TestApp,
  list: (pageArgs: string) => string,
  first: number,
  after: string | null,
): Promise<PageOf<Node>> {
  const args = list(`first: ${first}, after: ${JSON.stringify(after)}`);
  const { data, errors } = await app.graphql(
    `{ page: ${args} { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }`,
  );
  expect(errors).toBeUndefined();
  return data.page;
}

const idsOf = ({ edges }: PageOf<Node>) => edges.map(({ node }) => node.id);

/** For tests that change nothing. */
const six = shared(() => withUsers());

describe('the page after a cursor', () => {
  // Each order deletes two of them, so that those equal to a deleted one differ from order to order.
  const many = shared(() => withUsers(6 + 2 * ORDERS.length));

  it.each(ORDERS)(
    'continues in the order %s if the user of the cursor was deleted',
    async (order) => {
      const app = many();
      for (const descending of [false, true]) {
        const list = usersBy(order, descending);
        const before = idsOf(await pageAt(app, list, 100, null));
        const { pageInfo, edges } = await pageAt(app, list, 2, null);
        await app.graphql(`mutation { deleteUser(id: ${edges[1]?.node.id}) { deletedId } }`);
        await app.polled();
        const rest = await pageAt(app, list, 100, pageInfo.endCursor);
        expect(idsOf(rest), `${order} ${descending}`).toEqual(before.slice(2));
      }
    },
  );

  it('continues from the former position of a user that has moved', async () => {
    const app = await withUsers();
    const list = usersBy('TOTAL_RX', true);
    const first = await pageAt(app, list, 3, null);
    expect(idsOf(first)).toEqual(['6', '5', '4']);
    const moved = [...app.wireguard.interface().peers.values()][3];
    if (moved === undefined) throw new Error('There is no such peer.');
    moved.rxBytes += 9_007_199_254_740_993n;
    await app.polled();
    expect(idsOf(await pageAt(app, list, 3, first.pageInfo.endCursor))).toEqual(['3', '2', '1']);
    await app.graphql('mutation { updateUser(id: 4, input: { nickname: "zz" }) { user { id } } }');
    const names = await pageAt(app, usersBy('NICKNAME', false), 10, null);
    expect(idsOf(names)).toEqual(['2', '1', '3', '4', '6', '5']);
  });

  it('continues if the session of the cursor was deleted', async () => {
    const app = await withUsers();
    const before = idsOf(await pageAt(app, sessionsOf, 10, null));
    expect(before).toEqual(['3', '2', '1']);
    const { pageInfo } = await pageAt(app, sessionsOf, 2, null);
    await app.graphql('mutation { deleteUser(id: 3) { deletedId } }');
    await app.polled();
    expect(idsOf(await pageAt(app, sessionsOf, 10, pageInfo.endCursor))).toEqual(['1']);
  });

  it('also accepts a plain id, as older clients store it', async () => {
    const app = six();
    for (const order of ORDERS) {
      const all = idsOf(await pageAt(app, usersBy(order, false), 10, null));
      const rest = await pageAt(app, usersBy(order, false), 10, all[2] ?? '');
      expect(idsOf(rest), order).toEqual(all.slice(3));
    }
    expect(idsOf(await pageAt(app, sessionsOf, 10, '2'))).toEqual(['1']);
  });

  it('is rejected if the cursor belongs to another list', async () => {
    const app = six();
    const cursorOf = async (list: (args: string) => string) =>
      (await pageAt(app, list, 1, null)).pageInfo.endCursor ?? '';
    const byName = await cursorOf(usersBy('NICKNAME', false));
    const ofSessions = await cursorOf(sessionsOf);
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const [list, cursor] of [
      [usersBy('TOTAL_RX', false), byName],
      [usersBy('ID', false), byName],
      [usersBy('CREATED_AT', false), ofSessions],
      [sessionsOf, byName],
      [usersBy('NICKNAME', false), '99'],
      [sessionsOf, '99'],
      [usersBy('NICKNAME', false), encoded(['NICKNAME', 'sb'])],
      [usersBy('NICKNAME', false), encoded(['NICKNAME', 'b', 1])],
      [usersBy('TOTAL_RX', false), encoded(['TOTAL_RX', 'n9223372036854775808', 1])],
      [usersBy('TOTAL_RX', false), encoded(['TOTAL_RX', 'n1', 1.5])],
      [usersBy('ID', false), encoded(null)],
      [usersBy('ID', false), ''],
      [usersBy('ID', false), '9'.repeat(5_000)],
      [(args: string) => `events(${args})`, byName],
    ] as const) {
      const after = JSON.stringify(cursor);
      const answer = await app.graphql(`{ ${list(`after: ${after}`)} { totalCount } }`);
      const { message } = expectError(answer, 'INVALID_ARGUMENT', ['after']);
      expect(message).toBe(
        'after: is not a cursor of this list; use the endCursor of one of its pages',
      );
    }
  });
});

describe('a page', () => {
  it('with first: 0 reports that no page follows, in every list, because it has no cursor', async () => {
    const app = six();
    for (const list of ['users', 'sessions', 'events', 'auditLog']) {
      const { data } = await app.graphql(
        `{ page: ${list}(first: 0) { pageInfo { hasNextPage endCursor } edges { cursor } totalCount } }`,
      );
      expect(data.page.pageInfo, list).toEqual({ hasNextPage: false, endCursor: null });
      expect(data.page.totalCount, list).toBeGreaterThan(0);
    }
  });
});

describe('a page from the end of a list', () => {
  const PAGE =
    'pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { id } }';

  async function page(list: (pageArgs: string) => string, pageArgs: string) {
    const { data, errors } = await six().graphql(`{ page: ${list(pageArgs)} { ${PAGE} } }`);
    expect(errors).toBeUndefined();
    const { pageInfo, edges } = data.page;
    return { ...pageInfo, ids: idsOf({ edges } as PageOf<Node>) };
  }

  const logOf = (newestFirst: boolean) => (pageArgs: string) =>
    `events(newestFirst: ${newestFirst}, ${pageArgs})`;
  const audit = (pageArgs: string) => `auditLog(newestFirst: true, ${pageArgs})`;
  const lists: [string, (pageArgs: string) => string][] = [
    ...ORDERS.map((order) => [`users by ${order}`, usersBy(order, true)] as (typeof lists)[number]),
    ['sessions', sessionsOf],
    ['events, oldest first', logOf(false)],
    ['events, newest first', logOf(true)],
    ['the audit log, newest first', audit],
  ];

  it.each(lists)('has the entries of the list in its order: %s', async (_, list) => {
    const { ids } = await page(list, 'first: 1000');
    let before = '';
    let rest = ids;
    while (rest.length > 0) {
      const found = await page(list, `last: 2${before}`);
      expect(found.ids).toEqual(rest.slice(-2));
      expect(found.hasNextPage).toBe(before !== '');
      rest = rest.slice(0, -2);
      expect(found.hasPreviousPage).toBe(rest.length > 0);
      before = `, before: "${found.startCursor}"`;
    }
    const { hasNextPage, hasPreviousPage, startCursor } = await page(list, `last: 2${before}`);
    expect([hasNextPage, hasPreviousPage, startCursor]).toEqual([false, false, null]);
  });

  it.each(lists)('can have both bounds, and knows what is outside them: %s', async (_, list) => {
    const { ids, startCursor: start, endCursor: end } = await page(list, 'first: 1000');
    const inside = ids.slice(1, -1);
    const bounds = `after: "${start}", before: "${end}"`;
    const both = { hasNextPage: true, hasPreviousPage: true };
    expect(await page(list, `first: 1000, ${bounds}`)).toMatchObject({ ...both, ids: inside });
    expect(await page(list, `last: 1000, ${bounds}`)).toMatchObject({ ...both, ids: inside });
    expect(await page(list, 'first: 1000')).toMatchObject({
      ...{ hasNextPage: false, hasPreviousPage: false },
    });
    expect((await page(list, 'first: 1, last: 2')).ids).toEqual(ids.slice(-2));
  });

  it('begins with the newest entry of a log if that comes first', async () => {
    const oldest = await page(logOf(false), 'last: 1');
    expect((await page(logOf(true), 'first: 1')).ids).toEqual(oldest.ids);
  });

  it('is refused if it is too large, or its cursor is of another list', async () => {
    for (const list of ['users', 'sessions', 'events', 'auditLog']) {
      const large = await six().graphql(`{ ${list}(last: 1001) { totalCount } }`);
      expectError(large, 'INVALID_ARGUMENT', ['last']);
      const other = await six().graphql(`{ ${list}(before: "nonsense") { totalCount } }`);
      expectError(other, 'INVALID_ARGUMENT', ['before']);
    }
  });
});

describe('the page info of a page without cursors', () => {
  it.each([
    { first: 2, last: undefined },
    { first: 50, last: 2 },
  ])('takes no other query: %j', async (wanted) => {
    let reads = 0;
    const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];
    const read = async ({ fromEnd }: { readonly fromEnd?: boolean }) => {
      reads++;
      return fromEnd ? rows.toReversed() : rows;
    };
    const list = logList({ read, count: async () => 3 }, false);
    const { pageInfo } = await pageOf(list, { ...wanted, after: undefined, before: undefined });
    const isLast = wanted.last !== undefined;
    expect(await pageInfo.hasNextPage()).toBe(!isLast);
    expect(await pageInfo.hasPreviousPage()).toBe(isLast);
    expect(reads).toBe(1);
  });
});

describe('the count of a list', () => {
  it('is computed once, and only if it is selected', async () => {
    let counted = 0;
    const count = async () => ++counted;
    const read = async () => [{ id: 7 }, { id: 8 }];
    const page = { first: 1, last: undefined, after: undefined, before: undefined };
    const connection = await pageOf(logList({ read, count }, false), page);
    expect(connection.pageInfo.endCursor).toBe('7');
    expect(await connection.pageInfo.hasNextPage()).toBe(true);
    expect(counted).toBe(0);
    expect(await Promise.all([connection.totalCount(), connection.totalCount()])).toEqual([1, 1]);
    expect(counted).toBe(1);
  });
});

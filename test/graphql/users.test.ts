import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { startFleet } from '../rest/support.ts';
import { expectError, readAll } from './support.ts';

interface Node {
  readonly id: string;
}

const idsOf = (page: { edges: readonly { node: Node }[] }) => page.edges.map(({ node }) => node.id);

describe('user', () => {
  it('is found by id or by public key, and is null if there is none', async () => {
    const app = await startFleet();
    const { data } = await app.graphql(
      `query ($key: String!, $other: String!) {
        byId: user(id: 1) { publicKey } byText: user(id: "2") { id }
        byKey: user(publicKey: $key) { id }
        noId: user(id: 99) { id } hugeId: user(id: "999999999999999") { id } zero: user(id: 0) { id }
        noKey: user(publicKey: $other) { id } nullKey: user(id: 1, publicKey: null) { id }
      }`,
      { key: app.offline.publicKey, other: newPublicKey() },
    );
    expect(data).toEqual({
      byId: { publicKey: app.online.publicKey },
      byText: { id: '2' },
      byKey: { id: '2' },
      noId: null,
      hugeId: null,
      zero: null,
      noKey: null,
      nullKey: { id: '1' },
    });
  });

  it('accepts exactly one of its arguments, and only valid ones', async () => {
    const app = await startFleet();
    const key = app.online.publicKey;
    for (const args of [
      '',
      '(id: null)',
      `(id: 1, publicKey: "${key}")`,
      '(id: null, publicKey: null)',
    ]) {
      const error = expectError(await app.graphql(`{ user${args} { id } }`), 'INVALID_ARGUMENT');
      expect(error.message).toBe('Give exactly one of id and publicKey.');
      expect(error.path).toEqual(['user']);
    }
    expectError(await app.graphql('{ user(id: "one") { id } }'), 'INVALID_ARGUMENT', ['id']);
    expectError(await app.graphql('{ user(id: "-1") { id } }'), 'INVALID_ARGUMENT', ['id']);
    expectError(await app.graphql('{ user(publicKey: "x") { id } }'), 'INVALID_ARGUMENT', [
      'publicKey',
    ]);
  });

  it('is found by one of the fields of `by`', async () => {
    const app = await startFleet();
    const key = app.online.publicKey;
    for (const by of ['{ id: 1 }', `{ publicKey: "${key}" }`]) {
      const { data } = await app.graphql(`{ user(by: ${by}) { id publicKey } }`);
      expect(data.user).toEqual({ id: '1', publicKey: key });
    }
    for (const by of ['{}', '{ id: null }', `{ id: 1, publicKey: "${key}" }`]) {
      expectError(await app.graphql(`{ user(by: ${by}) { id } }`), 'INVALID_ARGUMENT');
    }
    for (const other of [`publicKey: "${key}"`, 'id: 1', 'id: 2']) {
      const both = await app.graphql(`{ user(by: { id: 1 }, ${other}) { id } }`);
      expectError(both, 'INVALID_ARGUMENT');
    }
  });

  it('has the rate of the last two polls, which is zero without traffic', async () => {
    const app = await startFleet();
    const rate = async () => {
      const { data } = await app.graphql(
        '{ user(by: { id: 1 }) { rate { user { id } rxBytesPerSecond txBytesPerSecond } } }',
      );
      return data.user.rate;
    };
    const still = { user: { id: '1' }, rxBytesPerSecond: 0, txBytesPerSecond: 0 };
    expect(await rate()).toEqual(still);
    app.online.rxBytes += 5_000n;
    app.online.txBytes += 300n;
    app.clock.advance(2_000);
    await app.polled();
    expect([still, { ...still, rxBytesPerSecond: 2_500, txBytesPerSecond: 150 }]).toContainEqual(
      await rate(),
    );
    await app.polled();
    await app.polled();
    expect(await rate()).toEqual(still);
  });

  it('returns every field of an online user', async () => {
    const app = await startFleet();
    app.online.allowedIps = ['10.0.0.2/32', 'fd00::2/128'];
    app.online.rxBytes += 9_007_199_254_740_993n;
    app.online.txBytes += 2n;
    await app.polled();
    const { data, errors } = await app.graphql(`{ user(id: 1) {
      id nickname mail phone note interface allowedIps persistentKeepalive enabled managed isOnline
      endpoint lastSeenAt bandwidthLimit dataLimit expiresAt totalRx totalTx
      session { id user { id } startedAt endedAt lastSeenAt endpoint rx tx endReason }
      usage { today { rx tx } month { rx tx } total { rx tx } }
      quota { limit used left period resetsAt }
      enforcement { desired applied reason lastError since }
      sessions(first: 5) { totalCount } createdAt updatedAt
    } }`);
    expect(errors).toBeUndefined();
    const at = '2026-01-15T12:00:00.000Z';
    const bytes = { rx: '9007199254740993', tx: '2' };
    expect(data.user).toEqual({
      id: '1',
      nickname: 'User_1',
      mail: '',
      phone: '',
      note: '',
      interface: 'wg0',
      allowedIps: ['10.0.0.2/32', 'fd00::2/128'],
      persistentKeepalive: null,
      enabled: true,
      managed: false,
      isOnline: true,
      endpoint: '192.0.2.1:40000',
      lastSeenAt: at,
      bandwidthLimit: 0,
      dataLimit: 0,
      expiresAt: null,
      totalRx: bytes.rx,
      totalTx: bytes.tx,
      session: {
        id: '1',
        user: { id: '1' },
        startedAt: at,
        endedAt: null,
        lastSeenAt: at,
        endpoint: '192.0.2.1:40000',
        ...bytes,
        endReason: null,
      },
      usage: { today: bytes, month: bytes, total: bytes },
      quota: { limit: null, used: '9007199254740995', left: null, period: 'NONE', resetsAt: null },
      enforcement: {
        desired: 'PRESENT',
        applied: 'PRESENT',
        reason: null,
        lastError: null,
        since: null,
      },
      sessions: { totalCount: 1 },
      createdAt: at,
      updatedAt: at,
    });
  });
});

describe('users', () => {
  /** Seven users with equal values in every sort order except the id, and one lower-case nickname. */
  async function withTies(): Promise<TestApp> {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    await app.polled();
    const peers = Array.from({ length: 7 }, () => wg0.addPeer());
    for (const index of [1, 3]) wg0.shakeHands(peers[index] as (typeof peers)[0]);
    for (const [index, bytes] of [5n, 9n, 5n, 0n, 9n, 5n, 0n].entries()) {
      const peer = peers[index] as (typeof peers)[0];
      peer.rxBytes += bytes * 1_000_000_000_000_000_000n;
      peer.txBytes += 10n - bytes;
    }
    await app.polled();
    app.clock.advance(1_000);
    wg0.shakeHands(peers[4] as (typeof peers)[0]);
    await app.polled();
    const names = ['b', 'a', 'B', 'a', 'é', 'b', ''];
    for (const [index, nickname] of names.entries()) {
      await app.post(`/api/users/${index + 1}/update`, { nickname });
    }
    return app;
  }

  it('can be read page by page in every order, including ties, each user once', async () => {
    const app = await withTies();
    // Equal values are sorted by id; nicknames are sorted by code points: "" < B < a < b < é.
    const expected = {
      ID: '1234567',
      NICKNAME: '7324165',
      LAST_SEEN: '1367245',
      CREATED_AT: '1234567',
      TOTAL_RX: '4713625',
      TOTAL_TX: '2513647',
    };
    for (const [field, order] of Object.entries(expected)) {
      for (const descending of [false, true]) {
        const query = (pageArgs: string) =>
          `users(${pageArgs}, orderBy: { field: ${field}, descending: ${descending} }) {
            totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } }`;
        for (const first of [1, 2, 3, 7]) {
          const { nodes, totalCount, pages } = await readAll<Node>(app, query, first);
          const ids = nodes.map(({ id }) => id).join('');
          const wanted = descending ? [...order].reverse().join('') : order;
          expect(ids, `${field} ${descending} by ${first}`).toBe(wanted);
          expect(totalCount).toBe(7);
          expect(pages).toBe(Math.ceil(7 / first));
        }
      }
    }
  });

  it('are returned in pages of fifty by default and a thousand at most', async () => {
    const app = await startTestApp();
    for (let i = 0; i < 60; i++) app.wireguard.interface().addPeer();
    await app.polled();
    const { data } = await app.graphql(`{
      standard: users { edges { node { id } } pageInfo { hasNextPage endCursor } totalCount }
      all: users(first: 1000) { edges { node { id } } pageInfo { hasNextPage } }
      none: users(first: 0) { edges { cursor } pageInfo { hasNextPage endCursor } totalCount }
      past: users(after: "60") { edges { cursor } pageInfo { hasNextPage } totalCount }
    }`);
    expect(data.standard).toMatchObject({
      pageInfo: { hasNextPage: true, endCursor: '50' },
      totalCount: 60,
    });
    expect(idsOf(data.standard)).toHaveLength(50);
    expect(idsOf(data.all)).toHaveLength(60);
    expect(data.none).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, endCursor: null },
      totalCount: 60,
    });
    expect(data.past).toEqual({ edges: [], pageInfo: { hasNextPage: false }, totalCount: 60 });
  });

  it('accept cursors as texts, in every list', async () => {
    const app = await startFleet();
    for (const list of ['users', 'sessions', 'events', 'auditLog']) {
      const query = `query ($at: String) {
        ${list}(first: 1, after: $at) { totalCount } b: ${list}(last: 1, before: $at) { totalCount } }`;
      const { errors } = await app.graphql(query, { at: '1' });
      expect.soft(errors, list).toBeUndefined();
    }
  });

  it('reject a page that is too large or has an invalid cursor, in every list', async () => {
    const app = await startTestApp();
    for (const list of ['users', 'sessions', 'events', 'auditLog']) {
      for (const first of [1001, -1, 2_147_483_647]) {
        const answer = await app.graphql(`{ ${list}(first: ${first}) { totalCount } }`);
        expectError(answer, 'INVALID_ARGUMENT', ['first']);
      }
      const answer = await app.graphql(`{ ${list}(after: "nonsense") { totalCount } }`);
      const error = expectError(answer, 'INVALID_ARGUMENT', ['after']);
      expect(error.message).toContain('cursor');
    }
  });

  it('are filtered by each filter and by all together', async () => {
    const app = await startFleet({ prepare: (wg) => void wg.interface('wg1') });
    app.wireguard.interface('wg1').addPeer();
    await app.polled();
    await app.post('/api/users/create', { peer_pubkey: app.online.publicKey, mail: 'q@Zürich.ch' });
    await app.rest('/api/users/2/disable');
    const ids = async (filter: string) => {
      const query = `{ users(filter: ${filter}) { totalCount edges { node { id } } } }`;
      const { data, errors } = await app.graphql(query);
      expect(errors).toBeUndefined();
      expect(data.users.totalCount).toBe(data.users.edges.length);
      return idsOf(data.users);
    };
    expect(await ids('null')).toEqual(['1', '2', '3']);
    expect(await ids('{}')).toEqual(['1', '2', '3']);
    expect(await ids('{ online: null, search: null }')).toEqual(['1', '2', '3']);
    expect(await ids('{ online: true }')).toEqual(['1']);
    expect(await ids('{ online: false }')).toEqual(['2', '3']);
    expect(await ids('{ enabled: true }')).toEqual(['1', '3']);
    expect(await ids('{ enabled: false }')).toEqual(['2']);
    expect(await ids('{ managed: true }')).toEqual(['1']);
    expect(await ids('{ interface: "wg1" }')).toEqual(['3']);
    expect(await ids('{ interface: "wg" }')).toEqual([]);
    expect(await ids('{ search: "q@zürich" }')).toEqual(['1']);
    expect(await ids(`{ search: "${app.offline.publicKey.slice(3, 20)}" }`)).toEqual(['2']);
    expect(
      await ids('{ online: false, enabled: true, interface: "wg1", search: "user_" }'),
    ).toEqual(['3']);
  });
});

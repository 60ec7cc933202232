import type { GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/rest/routes.ts';
import { schema } from '../../src/schema/index.ts';
import { polls } from '../fixtures/enforcement-app.ts';
import { query, subscription } from '../fixtures/every-field.ts';
import { type FakePeer, newPublicKey } from '../fixtures/fake-interface.ts';
import { shared } from '../fixtures/shared.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { type MadeToken, makeToken } from '../fixtures/tokens.ts';
import { expectError } from '../graphql/support.ts';
import { connectClient, type Feed, watch, watchEvents } from '../live/support.ts';

const CANARY = 'canary';
const OTHERS_ADDRESS = '198.51.100.77';
const OTHERS_PREFIX = '10.8.77.77/32';
/** Digits that no number of Bob's has. */
const OTHERS_BYTES = 777_666_555n;

/** Bob has the users 1, online, and 2. Alice has 3, online; 4 has no owner, and is online on another interface. */
interface People extends TestApp {
  readonly peers: readonly [FakePeer, FakePeer, FakePeer, FakePeer];
  readonly admin: MadeToken;
  readonly bob: MadeToken;
  readonly alice: MadeToken;
  /** What no answer to Bob may contain. */
  readonly secrets: readonly string[];
  /** The others send, shake hands and move to another address. */
  stirOthers(): void;
  update(id: number, input: Record<string, unknown>): Promise<void>;
}

async function startPeople(): Promise<People> {
  const peers: FakePeer[] = [];
  const app = await startTestApp({
    prepare: (wireguard) => {
      const [wg0, wg7] = [wireguard.interface(), wireguard.interface('wg7')];
      wg7.publicKey = newPublicKey();
      peers.push(wg0.addPeer(), wg0.addPeer(), wg0.addPeer(), wg7.addPeer());
      for (const peer of [peers[0], peers[2]]) wg0.shakeHands(peer as FakePeer);
      wg7.shakeHands(peers[3] as FakePeer);
    },
  });
  await app.polled();
  const [first, second, third, fourth] = peers as [FakePeer, FakePeer, FakePeer, FakePeer];
  const others = [third, fourth];
  const admin = await makeToken(app, { name: `${CANARY}-ada`, role: 'ADMIN' });
  const make = (name: string, owner: string) =>
    makeToken(app, { name, role: 'SELF', owner }, admin.headers);
  const update: People['update'] = async (id, input) => {
    const { errors } = await app.graphql(
      'mutation ($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { user { id } } }',
      { id: String(id), input },
      admin.headers,
    );
    expect(errors).toBeUndefined();
  };
  let port = 1000;
  const stirOthers = () => {
    app.clock.advance(1000);
    for (const peer of others) {
      peer.endpoint = `${OTHERS_ADDRESS}:${port++}`;
      peer.rxBytes += OTHERS_BYTES;
      peer.txBytes += OTHERS_BYTES;
    }
    app.wireguard.interface().shakeHands(third);
    app.wireguard.interface('wg7').shakeHands(fourth);
  };
  const note = `${CANARY} note`;
  await update(1, {
    nickname: 'Phone',
    mail: 'bob@mail.example',
    owner: 'Bob',
    tags: ['Mobile'],
    note,
  });
  await update(2, { nickname: 'Laptop', owner: 'Bob', note });
  const theirs = { mail: `${CANARY}@mail.example`, phone: CANARY, tags: [CANARY], note };
  await update(3, { ...theirs, nickname: `${CANARY}-3`, owner: 'Alice' });
  await update(4, { ...theirs, nickname: `${CANARY}-4` });
  for (const peer of others) peer.allowedIps = [OTHERS_PREFIX];
  first.rxBytes += 1000n;
  first.txBytes += 2000n;
  stirOthers();
  await polls(app);
  const [bob, alice] = [await make('bob', 'Bob'), await make('alice', 'Alice')];
  const secrets = [
    ...[CANARY, OTHERS_ADDRESS, OTHERS_PREFIX, 'Alice', 'wg7', '777666555'],
    ...others.map(({ publicKey }) => publicKey),
    app.wireguard.interface('wg7').publicKey ?? '',
  ];
  return Object.assign(app, {
    peers: [first, second, third, fourth] as const,
    ...{ admin, bob, alice, secrets, stirOthers, update },
  });
}

type Decision =
  | { readonly allowed: false }
  /** The arguments of the document, and what the answer must be. */
  | { readonly allowed: true; readonly args?: string; readonly expected: unknown };

const FORBIDDEN: Decision = { allowed: false };
const own = (expected: unknown, args = ''): Decision => ({ allowed: true, args, expected });

const ids = (...some: string[]) => some.map((id) => expect.objectContaining({ id }));
const has = (expected: object) => expect.objectContaining(expected);
const edges = (totalCount: number, nodes: unknown[]) =>
  has({ totalCount, edges: nodes.map((node) => has({ node })) });

/** What the role self gets from each field. A field that is missing here has not been considered yet. */
const FIELDS: Readonly<Record<string, Decision>> = {
  'Query.users': own(edges(2, ids('1', '2'))),
  'Query.user': own(has({ id: '1', owner: 'Bob', tags: ['Mobile'], note: null }), '(id: "1")'),
  'Query.sessions': own(edges(1, [has({ user: has({ id: '1' }) })])),
  'Query.node': own(has({ nodeId: 'VXNlcjox' }), '(id: "VXNlcjox")'),
  'Query.events': own(has({ totalCount: expect.any(Number) }), '(first: 500)'),
  'Query.dashboard': own(
    has({ totalUsers: 2, onlineUsers: 1, activeSessions: 1, totalRx: '1000', totalTx: '2000' }),
  ),
  'Query.status': own(
    has({
      totalUsers: 2,
      onlineUsers: 1,
      interfaces: [has({ name: 'wg0', peers: 2, online: 1, rx: '1000', tx: '2000' })],
    }),
  ),
  'Query.traffic': own(expect.arrayContaining([has({ rx: '1000', tx: '2000' })]), '(bucket: DAY)'),
  'Query.owners': FORBIDDEN,
  'Query.tags': FORBIDDEN,
  'Query.auditLog': FORBIDDEN,
  'Query.tokens': FORBIDDEN,
  'Query.me': own({
    ...{ name: 'bob', role: 'SELF', owner: 'Bob' },
    ...{ expiresAt: null, isLoggedIn: false },
  }),
  'Query.logins': FORBIDDEN,
  'Query.webhook': FORBIDDEN,
  'Query.webhooks': FORBIDDEN,
  'Mutation.createUser': FORBIDDEN,
  'Mutation.updateUser': FORBIDDEN,
  'Mutation.updateUsers': FORBIDDEN,
  'Mutation.setUserEnabled': FORBIDDEN,
  'Mutation.kickUser': FORBIDDEN,
  'Mutation.resetTraffic': FORBIDDEN,
  'Mutation.deleteUser': FORBIDDEN,
  'Mutation.provisionUser': FORBIDDEN,
  'Mutation.importUsers': FORBIDDEN,
  'Mutation.updateInterface': FORBIDDEN,
  'Mutation.createToken': FORBIDDEN,
  'Mutation.revokeToken': FORBIDDEN,
  'Mutation.endLogin': FORBIDDEN,
  'Mutation.createWebhook': FORBIDDEN,
  'Mutation.updateWebhook': FORBIDDEN,
  'Mutation.deleteWebhook': FORBIDDEN,
  'Mutation.rotateWebhookSecret': FORBIDDEN,
  'Mutation.testWebhook': FORBIDDEN,
  'Mutation.replayWebhook': FORBIDDEN,
  'Mutation.repeatWebhookDelivery': FORBIDDEN,
  'Subscription.presence': own(
    [has({ user: has({ id: '1' }) })],
    '(userIds: ["1", "2", "3", "4"])',
  ),
  'Subscription.liveTraffic': own(
    [has({ user: has({ id: '1' }) })],
    '(userIds: ["1", "2", "3", "4"])',
  ),
  'Subscription.dashboard': own(has({ totalUsers: 2, onlineUsers: 1 })),
  'Subscription.status': own(has({ totalUsers: 2, onlineUsers: 1 })),
  'Subscription.events': own(has({ userId: '1' }), '(after: "0")'),
};

/** The same for each path of REST. */
const PATHS: Readonly<Record<string, Decision>> = {
  'GET /api/users': own([has({ id: 1, mail: 'bob@mail.example' }), has({ id: 2 })]),
  'GET /api/users/management': own([has({ id: 1 }), has({ id: 2 })]),
  'GET /api/events': own([has({ user_id: 1 })]),
  'GET /api/events/history': own([has({ user_id: 1 })]),
  'GET /api/status': own(
    has({
      total: 2,
      online: 1,
      active_sessions: 1,
      interface: 'wg0',
      interfaces: [has({ rx: 1000 })],
    }),
  ),
  'GET /api/dashboard': own(has({ total_users: 2, online_users: 1, total_rx: 1000 })),
  'GET /api/traffic/chart': own(expect.arrayContaining([has({ total_rx: 1000, total_tx: 2000 })])),
  'POST /api/users/create': FORBIDDEN,
  'POST /api/users': FORBIDDEN,
  'POST /api/users/:id/update': FORBIDDEN,
  'GET /api/users/:id/action': FORBIDDEN,
  'POST /api/users/:id/action': FORBIDDEN,
  'GET /api/users/:id/:action': FORBIDDEN,
  'POST /api/users/:id/:action': FORBIDDEN,
};

const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
const rootFields = (rootTypes as GraphQLObjectType[]).flatMap((type) =>
  Object.keys(type.getFields()).map((name) => `${type.name}.${name}`),
);
const allowed = (table: typeof FIELDS, kind: string) =>
  Object.entries(table).flatMap(([path, decision]) =>
    decision.allowed && path.startsWith(kind) ? [[path, { args: '', ...decision }] as const] : [],
  );
const fieldOf = (path: string) => path.split('.')[1] as string;

function expectNothingOfOthers({ secrets }: People, answer: unknown): void {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  for (const secret of secrets) expect(text).not.toContain(secret);
}

describe('a token with the role self', () => {
  const people = shared(startPeople);

  it('has a decision for every field of GraphQL and every path of REST', () => {
    expect(Object.keys(FIELDS).sort()).toEqual(rootFields.sort());
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(PATHS).sort()).toEqual([...new Set(routes)].sort());
  });

  it.each(allowed(FIELDS, 'Query'))('reads of %s only what is its own', async (path, decision) => {
    const app = people();
    const document = query(fieldOf(path), decision.args);
    const { data, errors } = await app.graphql(document, {}, app.bob.headers);
    expect(errors).toBeUndefined();
    expect(data[fieldOf(path)]).toEqual(decision.expected);
    expectNothingOfOthers(app, data);
    // What must not be there could be read by others.
    const whole = await app.graphql(document, {}, app.admin.headers);
    if (!['Query.user', 'Query.node'].includes(path)) expect(whole.data).not.toEqual(data);
  });

  it.each(allowed(PATHS, 'GET'))('reads of %s only what is its own', async (path, decision) => {
    const app = people();
    const target = path.replace('GET ', '');
    for (const query of ['', '?per_page=1000', '?page=1']) {
      const { status, text, body, headers } = await app.rest(`${target}${query}`, {
        headers: app.bob.headers,
      });
      expect(status).toBe(200);
      expect(body).toEqual(decision.expected);
      expectNothingOfOthers(app, text);
      const total = headers.get('x-total-count');
      if (total !== null) expect(Number(total)).toBe(body.length);
      // It would change with the users of others.
      expect(headers.get('etag')).toBeNull();
    }
  });

  it('sees fields of its users and what belongs to them only for its own users', async () => {
    const app = people();
    const { data, errors } = await app.graphql(
      `{ users { edges { node {
           endpoint allowedIps sessions { totalCount edges { node { endpoint } } }
           traffic(bucket: MONTH) { rx }
         } } }
         sessions { edges { node { user { sessions { totalCount } } } } }
         events(first: 1000) { totalCount edges { node { userId actor user { owner } } } } }`,
      {},
      app.bob.headers,
    );
    expect(errors).toBeUndefined();
    expectNothingOfOthers(app, data);
    const [phone, laptop] = data.users.edges;
    expect(phone.node.endpoint).toMatch(/^192\.0\.2\./);
    expect(phone.node.sessions.totalCount).toBe(1);
    expect(laptop.node.sessions.totalCount).toBe(0);
    expect(data.events.totalCount).toBe(data.events.edges.length);
    for (const { node } of data.events.edges) expect(['1', '2']).toContain(node.userId);
  });

  it.each([
    ['user', (id: string) => `{ user(id: "${id}") { id } }`],
    ['sessions', (id: string) => `{ sessions(filter: { userId: "${id}" }) { totalCount } }`],
    ['events', (id: string) => `{ events(filter: { userIds: ["${id}"] }) { totalCount } }`],
    ['traffic', (id: string) => `{ traffic(bucket: DAY, userId: "${id}") { rx } }`],
    [
      'users after it',
      (id: string) => `{ users(after: "${id}", orderBy: { field: TOTAL_RX }) { totalCount } }`,
    ],
    [
      'users before it',
      (id: string) =>
        `{ users(after: "${id}", orderBy: { field: NICKNAME, descending: true }) { totalCount } }`,
    ],
    ['sessions after one of it', (id: string) => `{ sessions(after: "${id}") { totalCount } }`],
    [
      'a change',
      (id: string) =>
        `mutation { updateUser(id: "${id}", input: { nickname: "x" }) { user { id } } }`,
    ],
  ])(
    'cannot distinguish the user of another from one that does not exist: %s',
    async (_, document) => {
      const app = people();
      const answerOf = async (id: string) => {
        const { data, errors } = await app.graphql(document(id), {}, app.bob.headers);
        const { message, extensions } = errors?.[0] ?? {};
        return { data, message, extensions };
      };
      const unknown = await answerOf('987654');
      // The session of the user 3 has the id 2 or 3.
      for (const id of ['3', '4']) expect(await answerOf(id)).toEqual(unknown);
    },
  );

  it.each([
    ['search', (app: People) => `search: "${app.peers[2].publicKey}"`],
    ['search by nickname', () => `search: "${CANARY}"`],
    ['owner', () => 'owner: "Alice"'],
    ['tag', () => `tag: "${CANARY}"`],
    ['interface', () => 'interface: "wg7"'],
  ])('finds no user of another with a filter: %s', async (_, filter) => {
    const app = people();
    const document = `{ users(filter: { ${filter(app)} }) { totalCount edges { cursor } } }`;
    const { data } = await app.graphql(document, {}, app.bob.headers);
    expect(data.users).toEqual({ totalCount: 0, edges: [] });
    const whole = await app.graphql(document, {}, app.admin.headers);
    expect(whole.data.users.totalCount).toBeGreaterThan(0);
  });

  it('finds only its own users with filters that others match too', async () => {
    const app = people();
    const counts = async (filter: string) =>
      (await app.graphql(`{ users(filter: { ${filter} }) { totalCount } }`, {}, app.bob.headers))
        .data.users.totalCount;
    expect(await counts('online: true')).toBe(1);
    expect(await counts('enabled: true')).toBe(2);
    expect(await counts('neverConnected: false')).toBe(1);
    expect(await counts('enforcement: PRESENT')).toBe(2);
    expect(await counts('owner: "Bob"')).toBe(2);
    const unknown = await app.graphql(
      `{ user(publicKey: "${app.peers[2].publicKey}") { id } }`,
      {},
      app.bob.headers,
    );
    expect(unknown.data).toEqual({ user: null });
  });

  it('is told nothing of a problem that may concern others', async () => {
    const app = await startPeople();
    const en = `The interface ${CANARY} is not read.`;
    app.wireguard.interface('wg7').unknown = { en, zh: en };
    await polls(app);
    const document = '{ status { lastError } }';
    const { data } = await app.graphql(document, {}, app.bob.headers);
    expect(data.status.lastError).toMatch(/ask its administrator/);
    const whole = await app.graphql(document, {}, app.admin.headers);
    expect(whole.data.status.lastError).toContain(CANARY);
    const rest = await app.rest('/api/status', { headers: app.bob.headers });
    expectNothingOfOthers(app, rest.text);
  });

  it('gets its own answer although others asked the same before', async () => {
    const app = people();
    const document = '{ users { totalCount edges { node { nickname } } } }';
    const counts: Record<string, unknown[]> = {};
    for (const round of [1, 2, 3]) {
      for (const [name, { headers }] of Object.entries({
        admin: app.admin,
        bob: app.bob,
        alice: app.alice,
      })) {
        const list = await app.graphql(document, {}, headers);
        const path = await app.rest('/api/users', { headers });
        counts[name] = [...(counts[name] ?? []), list.data.users.totalCount, path.body.length];
        if (name === 'bob') expectNothingOfOthers(app, [list.data, path.body]);
        expect(counts[name], `${name} ${round}`).toHaveLength(2 * round);
      }
    }
    expect(counts).toEqual({
      admin: [4, 4, 4, 4, 4, 4],
      bob: [2, 2, 2, 2, 2, 2],
      alice: [1, 1, 1, 1, 1, 1],
    });
  });
});

describe('a subscription of a token with the role self', () => {
  const open = {
    'a WebSocket': async (app: People, { secret }: MadeToken, document: string): Promise<Feed> =>
      watch(connectClient(app, { authorization: `Bearer ${secret}` }), document),
    'server-sent events': (app: People, { headers }: MadeToken, document: string): Promise<Feed> =>
      watchEvents(app, document, {}, headers),
  };

  it.each(allowed(FIELDS, 'Subscription'))(
    'sends of %s only what is its own',
    async (path, one) => {
      const app = await startPeople();
      const document = subscription(fieldOf(path), one.args);
      const [phone] = app.peers;
      for (const start of Object.values(open)) {
        // The same document, so that executions could be shared.
        const [admin, alice, bob] = await Promise.all(
          [app.admin, app.alice, app.bob].map((token) => start(app, token, document)),
        );
        let value: unknown = null;
        void bob?.received().then((received) => {
          value = received;
        });
        for (let polls = 1n; value === null && polls <= 100n; polls++) {
          // A rate is sent when it changes.
          app.clock.advance(100);
          phone.rxBytes += 500n * polls;
          await app.polled();
        }
        expect(value).toEqual(one.expected);
        expectNothingOfOthers(app, value);
        for (const feed of [admin, alice, bob]) await feed?.stop();
      }
    },
  );

  it.each([
    ['presence', 'subscription { presence { user { id } isOnline } }', 1],
    ['liveTraffic', 'subscription { liveTraffic { user { id } rxBytesPerSecond } }', 0],
    ['dashboard', 'subscription { dashboard { totalUsers onlineUsers totalRx todayRx } }', 1],
    ['status', 'subscription { status { onlineUsers interfaces { online rx } } }', 1],
    ['events', 'subscription { events { type userId } }', 0],
  ])('sends nothing while only others change: %s', async (_, document, snapshots) => {
    const app = await startPeople();
    const wg7 = app.wireguard.interface('wg7');
    const begin = async ({ headers }: MadeToken) => {
      const client = connectClient(app, headers);
      const feed = watch(client, document);
      for (let read = 0; read < snapshots; read++) await feed.received();
      await watch(client, '{ status { demo } }').next();
      return feed;
    };
    const [feed, others] = [await begin(app.bob), await begin(app.admin)];
    await app.polled();
    const next = feed.received();
    let isSent = false;
    void next.then(() => {
      isSent = true;
    });
    for (let round = 0; round < 3; round++) {
      app.stirOthers();
      wg7.shakeHands(wg7.addPeer());
      await app.polled();
      // What was sent to others would have been sent here too.
      await others.received();
    }
    expect(isSent).toBe(false);
    app.clock.advance(1000);
    const [phone, laptop] = app.peers;
    phone.rxBytes += 12_345n;
    app.wireguard.interface().shakeHands(laptop);
    expectNothingOfOthers(app, await app.whilePolling(next));
  });

  it('follows users who get or leave its owner', async () => {
    const app = await startPeople();
    const document = 'subscription { dashboard { totalUsers } }';
    const [alice, bob] = [app.alice, app.bob].map(({ headers }) =>
      watch(connectClient(app, headers), document),
    );
    expect([await alice?.next(), await bob?.next()]).toEqual([
      { totalUsers: 1 },
      { totalUsers: 2 },
    ]);
    await app.update(1, { owner: 'Alice' });
    expect([await alice?.next(), await bob?.next()]).toEqual([
      { totalUsers: 2 },
      { totalUsers: 1 },
    ]);
    const { data } = await app.graphql('{ user(id: "1") { owner } }', {}, app.bob.headers);
    expect(data).toEqual({ user: null });
    const list = await app.rest('/api/users', { headers: app.alice.headers });
    expect(list.body.map(({ id }: { id: number }) => id)).toEqual([1, 3]);
    await app.update(3, { owner: null });
    expect(await alice?.next()).toEqual({ totalUsers: 1 });
  });

  it('replays the events of its own users, and its cursor does not depend on others', async () => {
    const app = await startPeople();
    const document = (after: string) =>
      `subscription { events(after: "${after}", types: [USER_UPDATED]) { id userId } }`;
    const follow = (after: string) => watch(connectClient(app, app.bob.headers), document(after));
    const replay = follow('0');
    const [first, second] = [await replay.next(), await replay.next()];
    expect([first.userId, second.userId]).toEqual(['1', '2']);
    const newest = await app.graphql(
      '{ events(first: 1000) { edges { cursor } } }',
      {},
      app.admin.headers,
    );
    const beyond = newest.data.events.edges.at(-1).cursor;
    expect(await follow(beyond).failed()).toBe('CURSOR_EXPIRED');
    const resumed = follow(first.id);
    expect(await resumed.next()).toEqual(second);
    await app.update(3, { nickname: 'Other' });
    await app.update(2, { nickname: 'New' });
    const [live, again] = [await replay.next(), await resumed.next()];
    expect(live.userId).toBe('2');
    expect(again).toEqual(live);
  });
});

describe('the owner of a token', () => {
  it('is required for the role self, refused for others, and shown to administrators', async () => {
    const app = await startTestApp();
    const create = (input: Record<string, unknown>) =>
      app.graphql(
        'mutation ($input: CreateTokenInput!) { createToken(input: $input) { token { role owner } } }',
        { input },
        headers,
      );
    let headers: Record<string, string> = {};
    headers = (await makeToken(app, { name: 'ada', role: 'ADMIN' })).headers;
    expectError(await create({ name: 'a', role: 'SELF' }), 'INVALID_ARGUMENT', ['owner']);
    expectError(await create({ name: 'a', role: 'SELF', owner: ' ' }), 'INVALID_ARGUMENT', [
      'owner',
    ]);
    expectError(await create({ name: 'a', role: 'VIEWER', owner: 'Bob' }), 'INVALID_ARGUMENT', [
      'owner',
    ]);
    const long = { name: 'a', role: 'SELF', owner: 'x'.repeat(101) };
    expectError(await create(long), 'INVALID_ARGUMENT', ['owner']);
    const { data } = await create({ name: 'a', role: 'SELF', owner: ' Bob ' });
    expect(data.createToken.token).toEqual({ role: 'SELF', owner: 'Bob' });
    const listed = await app.graphql('{ tokens { name owner } }', {}, headers);
    expect(listed.data.tokens).toEqual([
      { name: 'ada', owner: null },
      { name: 'a', owner: 'Bob' },
    ]);
  });

  it('has to be spelled exactly, so that nobody reads the users of a similar name', async () => {
    const app = await startPeople();
    for (const owner of ['bob', 'Bob2', 'Bo', 'B%b', '*']) {
      const { headers } = await makeToken(
        app,
        { name: `of ${owner}`, role: 'SELF', owner },
        app.admin.headers,
      );
      expect((await app.rest('/api/users', { headers })).body, owner).toEqual([]);
    }
  });
});

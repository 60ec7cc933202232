import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { shared } from '../fixtures/shared.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';
import { expectError, readAll } from '../graphql/support.ts';
import { type Fleet, startFleet } from '../rest/support.ts';

const UPDATE = `mutation ($id: ID!, $input: UpdateUserInput!) {
  updateUser(id: $id, input: $input) { user { owner tags updatedAt } } }`;

const update = (app: TestApp, input: Record<string, unknown>, id = '1') =>
  app.graphql(UPDATE, { id, input });

async function stored(app: TestApp, id = '1') {
  const { data } = await app.graphql(`{ user(id: "${id}") { owner tags } }`);
  return data.user;
}

describe('the owner and the tags of a user', () => {
  // For tests that change nothing.
  const fleet = shared(startFleet);

  it('are none for a discovered peer, and are set when it is taken over or created', async () => {
    const app = await startFleet();
    expect(await stored(app)).toEqual({ owner: null, tags: [] });
    const create = (input: Record<string, unknown>) =>
      app.graphql(
        'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id owner tags } } }',
        { input },
      );
    const given = { owner: 'Bob', tags: ['phone', 'Berlin, Mitte'] };
    await update(app, given);
    // Taking the peer over keeps what is not given.
    const adopted = await create({ publicKey: app.online.publicKey });
    expect(adopted.data.createUser.user).toEqual({ id: '1', ...given });
    const created = await create({ publicKey: newPublicKey(), ...given });
    expect(created.data.createUser.user).toMatchObject(given);
    await app.restart();
    expect(await stored(app, created.data.createUser.user.id)).toEqual(given);
  });

  it('are set with a provisioned user', async () => {
    const app = await startTestApp({
      prepare: (wireguard) => {
        wireguard.networks = ['10.8.0.1/24'];
        wireguard.interface().publicKey = newPublicKey();
      },
    });
    await app.polled();
    const { data } = await app.graphql(
      `mutation { provisionUser(input: { endpoint: "vpn.example", owner: "Bob", tags: ["a"] }) {
         user { owner tags } } }`,
    );
    expect(data.provisionUser.user).toEqual({ owner: 'Bob', tags: ['a'] });
  });

  it('stay unchanged if absent, and are cleared by null or empty values', async () => {
    const app = await startFleet();
    await update(app, { owner: 'Bob', tags: ['a'] });
    await update(app, { nickname: 'x' });
    expect(await stored(app)).toEqual({ owner: 'Bob', tags: ['a'] });
    await update(app, { owner: null, tags: null });
    expect(await stored(app)).toEqual({ owner: null, tags: [] });
    await update(app, { owner: 'Bob', tags: ['a'] });
    await update(app, { owner: ' ', tags: [] });
    expect(await stored(app)).toEqual({ owner: null, tags: [] });
  });

  it('are compared without surrounding spaces and in composed form, and tags without case', async () => {
    const app = await startFleet();
    const tags = [' VIP ', 'vip', 'x', 'Straße', 'STRASSE', 'e\u0301', '\u00e9'];
    await update(app, { owner: ' Jose\u0301 ', tags });
    const kept = { owner: 'Jos\u00e9', tags: ['VIP', 'x', 'Straße', '\u00e9'] };
    expect(await stored(app)).toEqual(kept);
    const before = (await app.graphql('{ user(id: "1") { updatedAt } }')).data.user.updatedAt;
    app.clock.advance(60_000);
    const again = await update(app, { ...kept, owner: 'Jose\u0301 ' });
    expect(again.data.updateUser.user.updatedAt).toBe(before);
  });

  it.each([
    ['too many tags', { tags: Array.from({ length: 21 }, (_, index) => `${index}`) }, 'tags'],
    ['a blank tag', { tags: ['a', ' '] }, 'tags'],
    ['a tag that cannot be seen', { tags: ['\u200b'] }, 'tags'],
    ['a long tag', { tags: ['x'.repeat(51)] }, 'tags'],
    ['a tag with a control character', { tags: ['a\n'] }, 'tags'],
    ['a long owner', { owner: 'x'.repeat(101) }, 'owner'],
    ['an owner with a control character', { owner: 'a\u0000' }, 'owner'],
  ])('are rejected, and nothing changes: %s', async (_, input, field) => {
    const app = fleet();
    expectError(await update(app, { nickname: 'changed', ...input }), 'INVALID_ARGUMENT', [field]);
    expect((await app.rest('/api/users')).body[0].nickname).toBe('User_1');
  });

  it('have 20 tags of 50 characters and an owner of 100 at most', async () => {
    const app = await startFleet();
    const tags = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(50, 'x'));
    const given = { owner: 'x'.repeat(100), tags };
    await update(app, given);
    expect(await stored(app)).toEqual(given);
  });

  it('are audited by name only, and are part of the event', async () => {
    const app = await startFleet();
    await update(app, { owner: 'Bob', tags: ['a'] });
    const { data } = await app.graphql(
      '{ auditLog(first: 1000) { edges { node { action userId detail } } } events(first: 1000) { edges { node { type userId } } } }',
    );
    const entry = data.auditLog.edges.at(-1).node;
    expect(entry).toMatchObject({ action: 'updateUser', userId: '1' });
    expect(JSON.parse(entry.detail)).toEqual({ fields: ['owner', 'tags'] });
    expect(data.events.edges.at(-1).node).toEqual({ type: 'USER_UPDATED', userId: '1' });
  });

  it('are not part of the documented answers of REST', async () => {
    const app = await startFleet();
    await update(app, { owner: 'Bob', tags: ['a'] });
    const [user] = (await app.rest('/api/users')).body;
    expect(Object.keys(user)).toHaveLength(16);
    const refused = await app.post('/api/users/1/update', { owner: 'Eve' });
    expect([refused.status, refused.body.code]).toEqual([400, 'INVALID_ARGUMENT']);
  });
});

/** Bob has the users 1, online with bytes, and 2; both are phones. Ann has 3, which is no phone. */
async function startOwners(): Promise<Fleet & { readonly third: string }> {
  const app = await startFleet();
  const { data } = await app.graphql(
    `mutation ($key: String!) { createUser(input: {
       publicKey: $key, owner: "Ann", tags: ["PHONE", "old"], expiresAt: "2020-01-01T00:00:00Z" }) {
       user { id } } }`,
    { key: newPublicKey() },
  );
  await update(app, { owner: 'Bob', tags: ['Phone'] });
  await update(app, { owner: 'Bob', dataLimit: 1 }, '2');
  app.online.rxBytes += 1000n;
  app.online.txBytes += 10n;
  app.offline.rxBytes += 2_000_000n;
  app.clock.advance(1000);
  await app.polled();
  return Object.assign(app, { third: data.createUser.user.id as string });
}

describe('the filters of users', () => {
  const owners = shared(startOwners);

  it.each([
    ['owner: "Bob"', ['1', '2']],
    ['owner: " Bob "', ['1', '2']],
    ['owner: "bob"', []],
    ['owner: ""', []],
    ['tag: "phone"', ['1', 'third']],
    ['tag: " PHONE "', ['1', 'third']],
    ['tag: "pho"', []],
    ['tag: "phone", owner: "Bob"', ['1']],
    ['overQuota: true', ['2']],
    ['overQuota: false', ['1', 'third']],
    ['expiresBefore: "2020-01-01T00:00:01Z"', ['third']],
    ['expiresBefore: "2020-01-01T00:00:00Z"', []],
    ['expiresAfter: "2020-01-01T00:00:00Z"', ['third']],
    ['expiresAfter: "2020-01-01T00:00:01Z"', []],
    ['neverConnected: true', ['2', 'third']],
    ['neverConnected: false', ['1']],
    ['tag: null, owner: null, overQuota: null', ['1', '2', 'third']],
  ])('select %s', async (filter, expected) => {
    const app = owners();
    const { data, errors } = await app.graphql(
      `{ users(filter: { ${filter} }) { totalCount edges { node { id } } } }`,
    );
    expect(errors).toBeUndefined();
    const ids = expected.map((id) => (id === 'third' ? app.third : id));
    expect(data.users.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(ids);
    expect(data.users.totalCount).toBe(ids.length);
  });
});

const GROUP =
  'name totalUsers onlineUsers usage { today { rx tx } month { rx tx } total { rx tx } }';

describe('the sums of users', () => {
  const owners = shared(startOwners);
  const sums = (rx: string, tx: string) => ({
    today: { rx, tx },
    month: { rx, tx },
    total: { rx, tx },
  });

  it('are one line for each owner', async () => {
    const { data } = await owners().graphql(
      `{ owners { totalCount edges { node { ${GROUP} } } } }`,
    );
    expect(data.owners).toEqual({
      totalCount: 2,
      edges: [
        { node: { name: 'Ann', totalUsers: 1, onlineUsers: 0, usage: sums('0', '0') } },
        { node: { name: 'Bob', totalUsers: 2, onlineUsers: 1, usage: sums('2001000', '10') } },
      ],
    });
  });

  it('are one line for each tag, however it is spelled', async () => {
    const { data } = await owners().graphql(`{ tags { edges { node { ${GROUP} } } } }`);
    expect(data.tags.edges).toEqual([
      { node: { name: 'Phone', totalUsers: 2, onlineUsers: 1, usage: sums('1000', '10') } },
      { node: { name: 'old', totalUsers: 1, onlineUsers: 0, usage: sums('0', '0') } },
    ]);
  });

  it('add up to those of their users, and are filtered as users are', async () => {
    const { data } = await owners().graphql(
      `{ owners(filter: { online: true }) { edges { node { ${GROUP} } } }
         user(id: "1") { usage { today { rx tx } month { rx tx } total { rx tx } } } }`,
    );
    const [only] = data.owners.edges;
    expect(data.owners.edges).toHaveLength(1);
    expect(only.node).toEqual({ name: 'Bob', totalUsers: 1, onlineUsers: 1, ...data.user });
  });

  it('are read page by page', async () => {
    const { nodes, pages, totalCount } = await readAll<{ name: string }>(
      owners(),
      (page) => `owners(${page}) {
        totalCount pageInfo { hasNextPage endCursor } edges { cursor node { name } } }`,
      1,
    );
    expect(nodes.map(({ name }) => name)).toEqual(['Ann', 'Bob']);
    expect([pages, totalCount]).toEqual([2, 2]);
    const other = await owners().graphql('{ tags(after: "1") { totalCount } }');
    expectError(other, 'INVALID_ARGUMENT', ['after']);
  });
});

describe('updateUsers', () => {
  const CHANGE = `mutation ($ids: [ID!]!, $input: UpdateUserInput!) { updateUsers(ids: $ids, input: $input) {
    results { id user { owner tags } error { code message } } } }`;

  it('sets owner and tags of many users, with one result each in the given order', async () => {
    const app = await startFleet();
    const given = { owner: 'Bob', tags: ['a'] };
    const { data } = await app.graphql(CHANGE, { ids: ['2', '99', '1', '2'], input: given });
    expect(data.updateUsers.results).toEqual([
      { id: '2', user: given, error: null },
      { id: '99', user: null, error: { code: 'NOT_FOUND', message: expect.any(String) } },
      { id: '1', user: given, error: null },
    ]);
    const audit = await app.graphql('{ auditLog { edges { node { action userId } } } }');
    expect(audit.data.auditLog.edges).toEqual(
      ['2', '1'].map((userId) => ({ node: { action: 'updateUser', userId } })),
    );
  });

  it('changes nothing if the input is invalid, or if there are too many ids', async () => {
    const app = await startFleet();
    const bad = await app.graphql(CHANGE, {
      ids: ['1', '2'],
      input: { nickname: 'x', tags: [''] },
    });
    expectError(bad, 'INVALID_ARGUMENT', ['tags']);
    const ids = Array.from({ length: 1001 }, (_, index) => `${index + 1}`);
    const many = await app.graphql(CHANGE, { ids, input: { nickname: 'x' } });
    expectError(many, 'INVALID_ARGUMENT', ['ids']);
    const { data } = await app.graphql('{ auditLog { totalCount } }');
    expect(data.auditLog.totalCount).toBe(0);
  });

  it('changes the others if one change is refused', async () => {
    const app = await startFleet();
    const taken = '10.8.0.7/32';
    await app.graphql(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
      { input: { publicKey: app.online.publicKey } },
    );
    await app.graphql(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
      { input: { publicKey: app.offline.publicKey } },
    );
    const { data } = await app.graphql(CHANGE, {
      ids: ['1', '2'],
      input: { owner: 'Bob', allowedIps: [taken] },
    });
    const [first, second] = data.updateUsers.results;
    expect(first).toMatchObject({ id: '1', user: { owner: 'Bob' }, error: null });
    expect(second).toMatchObject({ id: '2', user: null, error: { code: 'CONFLICT' } });
    expect(await stored(app, '2')).toEqual({ owner: null, tags: [] });
  });
});

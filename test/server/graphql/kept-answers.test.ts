import { describe, expect, it } from 'vitest';
import { bearer } from '../../fixtures/tokens.ts';
import { startFleet } from '../../rest/support.ts';

const USERS = '{ users(first: 10) { totalCount edges { node { id nickname isOnline totalRx } } } }';

const nicknames = (data: { users: { edges: { node: { nickname: string } }[] } }) =>
  data.users.edges.map(({ node }) => node.nickname);

describe('the answer to a GraphQL query of users', () => {
  it('is the same when it is asked again, until a user changes', async () => {
    const app = await startFleet();
    const first = await app.graphql(USERS);
    expect(await app.graphql(USERS)).toEqual(first);
    await app.post('/api/users/1/update', { nickname: 'Ada' });
    expect(nicknames((await app.graphql(USERS)).data)).toContain('Ada');
  });

  it('shows the bytes and the presence of the last poll', async () => {
    const app = await startFleet();
    await app.graphql(USERS);
    app.online.rxBytes += 1_000n;
    app.clock.advance(400_000);
    await app.polled();
    const { data } = await app.graphql(USERS);
    expect(data.users.edges[0].node).toMatchObject({ isOnline: false });
    expect(BigInt(data.users.edges[0].node.totalRx)).toBeGreaterThanOrEqual(1_000n);
  });

  it('depends on the variables and on the chosen operation', async () => {
    const app = await startFleet();
    const query = `query One($id: ID) { user(id: $id) { id } } query Other { user(id: 2) { nickname } }`;
    for (let round = 0; round < 2; round++) {
      for (const id of ['1', '2']) {
        const { body } = await app.post('/graphql', {
          query,
          operationName: 'One',
          variables: { id },
        });
        expect(body).toEqual({ data: { user: { id } } });
      }
      const { body } = await app.post('/graphql', { query, operationName: 'Other' });
      expect(Object.keys(body.data.user)).toEqual(['nickname']);
    }
  });

  it('is never given to another role', async () => {
    const own = 'a-token-of-more-than-thirty-two-characters';
    const app = await startFleet({ env: { WGQL_TOKEN: own } });
    await app.post('/api/users/1/update', { mail: 'ada@example.com' }, bearer(own));
    const { data } = await app.graphql(
      'mutation { createToken(input: { name: "reader", role: VIEWER }) { secret } }',
      {},
      bearer(own),
    );
    const mail = '{ user(id: 1) { mail } }';
    for (let round = 0; round < 2; round++) {
      const read = async (secret: string) => (await app.graphql(mail, {}, bearer(secret))).data;
      expect(await read(own)).toEqual({ user: { mail: 'ada@example.com' } });
      expect(await read(data.createToken.secret)).toEqual({ user: { mail: null } });
    }
    const { status } = await app.post('/graphql', { query: mail });
    expect(status).toBe(401);
  });

  it('is not kept where it depends on more than users', async () => {
    const app = await startFleet();
    const query = '{ status { now: lastPollAt } user(id: 1) { quota { resetsAt } } }';
    const change =
      'mutation { updateUser(id: 1, input: { quotaPeriod: DAY, dataLimit: 5 }) { user { id } } }';
    await app.graphql(change);
    const before = (await app.graphql(query)).data;
    app.clock.advance(2 * 86_400_000);
    const after = (await app.graphql(query)).data;
    expect(Date.parse(after.user.quota.resetsAt)).toBeGreaterThan(
      Date.parse(before.user.quota.resetsAt),
    );
  });

  it('is not kept where it has errors', async () => {
    const app = await startFleet();
    const query = '{ user(id: 1) { id } users(first: 10, after: "x") { totalCount } }';
    for (const language of ['en', 'zh', 'en']) {
      const { body } = await app.post('/graphql', { query }, { 'accept-language': language });
      expect(/[一-鿿]/.test(body.errors[0].message)).toBe(language === 'zh');
    }
  });
});

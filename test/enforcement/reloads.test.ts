import { describe, expect, it } from 'vitest';
import { polls, startWithPeer, userOf } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import type { TestApp } from '../fixtures/test-app.ts';

const statusOf = async (app: TestApp) =>
  (await app.graphql('{ status { lastError missingUsers } }')).data.status;

const usersThatAre = async (app: TestApp, state: string) => {
  const { data } = await app.graphql(
    `{ users(filter: { enforcement: ${state} }) { totalCount edges { node { publicKey } } } }`,
  );
  return data.users.edges.map(({ node }: { node: { publicKey: string } }) => node.publicKey);
};

const reloads = async (app: TestApp) => {
  const { data } = await app.graphql(
    '{ events(filter: { types: [INTERFACE_RELOADED] }) { edges { node { interface reason userId } } } }',
  );
  return data.events.edges.map(({ node }: { node: object }) => node);
};

/** A program with a discovered peer on wg0 and this many users that it put there. */
async function startWithUsers(count: number) {
  const { app, wg0, peer } = await startWithPeer();
  const keys = Array.from({ length: count }, newPublicKey);
  for (const peer_pubkey of keys) await app.post('/api/users/create', { peer_pubkey });
  await polls(app);
  const remove = (some: readonly string[]) => {
    for (const publicKey of some) wg0.peers.delete(publicKey);
  };
  return { app, wg0, peer, keys, remove };
}

describe('managed peers that disappear while their interface stays up', () => {
  it('are restored with one event if they are several and the majority', async () => {
    const { app, wg0, keys, remove } = await startWithUsers(5);
    remove(keys.slice(0, 3));
    await polls(app);
    expect(keys.filter((publicKey) => wg0.peers.has(publicKey))).toEqual(keys);
    expect(await reloads(app)).toEqual([{ interface: 'wg0', reason: '3', userId: null }]);
    expect(await statusOf(app)).toEqual({ lastError: null, missingUsers: 0 });
  });

  it.each([
    ['one of one', 1, 1],
    ['one of five', 5, 1],
    ['two of five', 5, 2],
    ['half of them', 4, 2],
  ])('are missing and stay off if they are %s', async (_, count, lost) => {
    const { app, wg0, keys, remove } = await startWithUsers(count);
    remove(keys.slice(0, lost));
    await polls(app);
    expect(keys.filter((publicKey) => !wg0.peers.has(publicKey))).toEqual(keys.slice(0, lost));
    expect(await reloads(app)).toEqual([]);
    const { lastError, missingUsers } = await statusOf(app);
    expect(missingUsers).toBe(lost);
    expect(lastError).toMatch(new RegExp(`^${lost} managed .* MISSING.*enable the users again`));
    expect((await app.rest('/api/status')).body.missing).toBe(lost);
  });

  it('are restored after a reload that happened while the program was down', async () => {
    const { app, wg0, keys, remove } = await startWithUsers(3);
    await app.restart({}, () => remove(keys));
    await polls(app);
    expect(keys.filter((publicKey) => wg0.peers.has(publicKey))).toEqual(keys);
    expect(await reloads(app)).toEqual([{ interface: 'wg0', reason: '3', userId: null }]);
  });

  it('do not cause peers that were missing or off before to be restored', async () => {
    const { app, wg0, keys, remove } = await startWithUsers(4);
    remove(keys.slice(0, 1));
    await polls(app);
    const { id } = await userOf(app, keys[1] as string);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    remove(keys);
    await polls(app);
    expect(keys.filter((publicKey) => wg0.peers.has(publicKey))).toEqual(keys.slice(2));
    expect(await reloads(app)).toEqual([{ interface: 'wg0', reason: '2', userId: null }]);
  });

  it('do not cause a peer that was only discovered to be restored', async () => {
    const { app, wg0, peer, keys, remove } = await startWithUsers(3);
    remove([...keys, peer.publicKey]);
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    expect(wg0.peers.size).toBe(3);
  });

  it('stay off under WGQL_MANAGE=off, and the status counts them', async () => {
    const { app, wg0, keys, remove } = await startWithUsers(3);
    await app.restart({ WGQL_MANAGE: 'off' });
    remove(keys);
    await polls(app);
    expect(wg0.peers.size).toBe(1);
    expect((await statusOf(app)).lastError).toMatch(/^3 managed users have no peer/);
  });
});

describe('users who are missing', () => {
  it('are found by a filter and restored with one mutation', async () => {
    const { app, wg0, keys, remove } = await startWithUsers(5);
    const lost = keys.slice(0, 2);
    remove(lost);
    await polls(app);
    expect(await usersThatAre(app, 'MISSING')).toEqual(lost);
    expect(await usersThatAre(app, 'PRESENT')).toHaveLength(4);
    const ids = [];
    for (const publicKey of lost) ids.push((await userOf(app, publicKey)).id);
    const { data } = await app.graphql(
      `mutation ($ids: [ID!]!) { updateUsers(ids: $ids, input: { enabled: true }) {
         results { id user { enabled } error { code message } } } }`,
      { ids: [...ids, '999'] },
    );
    expect(data.updateUsers.results).toEqual([
      ...ids.map((id) => ({ id, user: { enabled: true }, error: null })),
      { id: '999', user: null, error: { code: 'NOT_FOUND', message: expect.any(String) } },
    ]);
    await polls(app);
    expect(await usersThatAre(app, 'MISSING')).toEqual([]);
    expect(lost.every((publicKey) => wg0.peers.has(publicKey))).toBe(true);
    expect(await statusOf(app)).toEqual({ lastError: null, missingUsers: 0 });
  });
});

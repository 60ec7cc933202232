import { describe, expect, it } from 'vitest';
import { eventsOf, polls, startWithUser, updateUser, userOf } from '../fixtures/enforcement-app.ts';
import type { TestApp } from '../fixtures/test-app.ts';

describe('a managed peer that others removed', () => {
  it('stays off when its user is posted back unchanged', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    wg0.peers.delete(publicKey);
    await polls(app);
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('MISSING');
    const [whole] = (await app.rest('/api/users')).body;
    await app.post(`/api/users/${id}/update`, whole);
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(false);
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('MISSING');
  });

  it.each([
    [
      'switched off and on by updates',
      (app: TestApp, id: string) => app.post(`/api/users/${id}/update`, { enabled: 0 }),
      (app: TestApp, id: string) => app.post(`/api/users/${id}/update`, { enabled: 1 }),
    ],
    [
      'released and adopted again',
      (app: TestApp, id: string) => updateUser(app, id, 'managed: false'),
      (app: TestApp, id: string) => updateUser(app, id, 'managed: true'),
    ],
  ])('comes back when its user is %s', async (_, release, enable) => {
    const { app, wg0, publicKey, id } = await startWithUser();
    wg0.peers.delete(publicKey);
    await polls(app);
    await release(app, id);
    await polls(app);
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('ABSENT');
    await enable(app, id);
    await polls(app);
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('PRESENT');
    expect(wg0.peers.has(publicKey)).toBe(true);
  });

  it('comes back when its user is enabled, with an event that names the client', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    wg0.peers.delete(publicKey);
    await polls(app);
    await app.post(`/api/users/${id}/enable`, {});
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(true);
    expect((await eventsOf(app, id)).slice(-2)).toEqual([
      { type: 'USER_ENABLED', actor: 'local', reason: null },
      { type: 'PEER_ADDED', actor: 'wgql', reason: null },
    ]);
  });
});

describe('a managed peer that was removed while the program could not act', () => {
  it('is missing and is not restored once the program may act again', async () => {
    const { app, wg0, publicKey } = await startWithUser();
    await app.restart({ WGQL_MANAGE: 'off' });
    wg0.peers.delete(publicKey);
    await polls(app);
    await app.restart({ WGQL_MANAGE: 'on' });
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(false);
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('MISSING');
  });

  it('is not reported as pending under WGQL_MANAGE=off', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    wg0.peers.delete(publicKey);
    await polls(app);
    await app.restart({ WGQL_MANAGE: 'off' });
    const answer = await app.post(`/api/users/${id}/enable`, {});
    expect([answer.status, answer.body.code]).toEqual([503, 'UNAVAILABLE']);
    await app.restart({ WGQL_MANAGE: 'on' });
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(false);
    expect((await userOf(app, publicKey)).enforcement.applied).toBe('MISSING');
  });
});

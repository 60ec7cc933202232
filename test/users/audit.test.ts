import { describe, expect, it } from 'vitest';
import { polls, startWithPeer, updateUser } from '../fixtures/enforcement-app.ts';
import type { TestApp } from '../fixtures/test-app.ts';

const MB = 1024n * 1024n;

interface Entry {
  readonly actor: string;
  readonly action: string;
  readonly userId: string;
  readonly detail: string;
}

async function auditOf(app: TestApp): Promise<Entry[]> {
  const { data } = await app.graphql(
    '{ auditLog(first: 1000) { edges { node { actor action userId detail } } } }',
  );
  return data.auditLog.edges.map(({ node }: { node: Entry }) => node);
}

const cutOff = (userId: string, reason: string): Entry => ({
  actor: 'wgql',
  action: 'cutOff',
  userId,
  detail: JSON.stringify({ reason }),
});

describe('the audit log', () => {
  it('contains every removal of an expired user, also after others restored the peer', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await updateUser(app, id, `expiresAt: "${new Date(app.clock.wallMs()).toISOString()}"`);
    await polls(app);
    for (let time = 0; time < 2; time++) {
      wg0.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.8.0.2/32'] });
      await polls(app);
      expect(wg0.peers.size).toBe(0);
    }
    const cuts = (await auditOf(app)).filter(({ action }) => action === 'cutOff');
    expect(cuts).toEqual(Array(3).fill(cutOff(id, 'EXPIRED')));
  });

  it('contains the removal of a user who has used up its quota, once', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await updateUser(app, id, 'dataLimit: 1');
    peer.rxBytes += MB;
    await polls(app, 4);
    expect(wg0.peers.size).toBe(0);
    const cuts = (await auditOf(app)).filter(({ action }) => action === 'cutOff');
    expect(cuts).toEqual([cutOff(id, 'QUOTA_EXCEEDED')]);
  });

  it('contains who disabled a user, and the removal after others restored the peer', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    wg0.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.8.0.2/32'] });
    await polls(app);
    expect(wg0.peers.size).toBe(0);
    const entries = (await auditOf(app)).map(({ actor, action }) => [actor, action]);
    expect(entries).toEqual([
      ['local', 'setUserEnabled'],
      ['wgql', 'cutOff'],
    ]);
  });

  it('contains a deletion that was requested and reverted', async () => {
    const { app, wg0, id } = await startWithPeer();
    wg0.unknown = { en: 'No answer.', zh: '没有回答。' };
    await polls(app);
    expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(503);
    const entries = (await auditOf(app)).map(({ actor, action }) => [actor, action]);
    expect(entries).toEqual([
      ['local', 'deleteUser'],
      ['local', 'deleteUserFailed'],
    ]);
  });
});

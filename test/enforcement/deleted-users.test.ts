import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { polls, startWithPeer, startWithUser, userOf } from '../fixtures/enforcement-app.ts';
import type { TestApp } from '../fixtures/test-app.ts';

const statusOf = async (app: TestApp) =>
  (await app.graphql('{ status { lastError missingUsers totalUsers } }')).data.status;

const eventsOn = async (app: TestApp, name: string) => {
  const { data } = await app.graphql(
    '{ events(first: 1000) { edges { node { type interface reason actor userId endpoint } } } }',
  );
  return data.events.edges
    .map(({ node }: { node: { interface: string } }) => node)
    .filter((event: { interface: string }) => event.interface === name);
};

/** A program that has deleted the user of a peer that was discovered on wg0. */
async function startWithDeleted() {
  const started = await startWithPeer();
  const { app, wg0, peer, id } = started;
  await app.post(`/api/users/${id}/delete`, {});
  expect(wg0.peers.size).toBe(0);
  const comeBack = () =>
    wg0.addPeer({
      publicKey: peer.publicKey,
      allowedIps: ['10.8.0.2/32'],
      endpoint: '192.0.2.9:1',
      rxBytes: 700n,
      txBytes: 300n,
      latestHandshake: Math.floor(app.clock.wallMs() / 1000),
    });
  return { ...started, comeBack };
}

describe('the key of a deleted user that appears again', () => {
  it('is removed again, and does not become a new user', async () => {
    const { app, wg0, peer, comeBack } = await startWithDeleted();
    wg0.recreate();
    comeBack();
    await polls(app);
    expect(wg0.peers.size).toBe(0);
    expect(await userOf(app, peer.publicKey)).toBeNull();
    expect((await statusOf(app)).totalUsers).toBe(0);
  });

  it('is removed with an event that has the reason and no personal data', async () => {
    const { app, wg0, comeBack } = await startWithDeleted();
    wg0.recreate();
    comeBack();
    await polls(app);
    expect((await eventsOn(app, 'wg0')).slice(-2)).toEqual([
      {
        type: 'PEER_ADDED',
        reason: 'DELETED',
        actor: null,
        userId: null,
        interface: 'wg0',
        endpoint: null,
      },
      {
        type: 'PEER_REMOVED',
        reason: 'DELETED',
        actor: 'wgql',
        userId: null,
        interface: 'wg0',
        endpoint: null,
      },
    ]);
  });

  it('has its bytes booked without a user', async () => {
    const { app, comeBack } = await startWithDeleted();
    comeBack();
    await polls(app);
    const [day] = (await app.rest('/api/traffic/chart?days=1')).body;
    expect([day.total_rx, day.total_tx]).toEqual([700, 300]);
  });

  it('is named in the status, with what to do, until its interface starts without the peer', async () => {
    const { app, wg0, peer, comeBack } = await startWithDeleted();
    comeBack();
    await polls(app);
    const { lastError } = await statusOf(app);
    expect(lastError).toContain(peer.publicKey);
    expect(lastError).toMatch(/delete the peer from the configuration file of wg0/);
    await polls(app, 5);
    expect((await statusOf(app)).lastError).toBe(lastError);
    wg0.recreate();
    await polls(app);
    expect((await statusOf(app)).lastError).toBeNull();
  });

  it('is still known after a restart', async () => {
    const { app, wg0, peer, comeBack } = await startWithDeleted();
    await app.restart();
    comeBack();
    await polls(app);
    expect(wg0.peers.size).toBe(0);
    expect(await userOf(app, peer.publicKey)).toBeNull();
  });

  it('is removed on another interface too', async () => {
    const { app, peer } = await startWithDeleted();
    const wg1 = app.wireguard.interface('wg1');
    wg1.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.9.0.2/32'] });
    await polls(app);
    expect(wg1.peers.size).toBe(0);
  });

  it('belongs to a user who is created with it', async () => {
    const { app, wg0, peer, comeBack } = await startWithDeleted();
    await app.post('/api/users/create', { peer_pubkey: peer.publicKey });
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
    wg0.recreate();
    comeBack();
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
    expect((await userOf(app, peer.publicKey)).enforcement.applied).toBe('PRESENT');
    expect((await statusOf(app)).lastError).toBeNull();
  });

  it('does not get its preshared key stored', async () => {
    const { app, wg0, peer, comeBack } = await startWithDeleted();
    comeBack();
    wg0.presharedKeys.set(peer.publicKey, `${'C'.repeat(42)}A=`);
    await polls(app);
    const db = new Database(join(app.folder, 'wgql.db'), { readonly: true });
    const rows = db
      .prepare('SELECT "presharedKey", "endpoint" FROM "Peer" WHERE "publicKey" = ?')
      .all(peer.publicKey);
    db.close();
    expect(rows).toEqual([{ presharedKey: null, endpoint: null }]);
  });

  it('is not removed under WGQL_MANAGE=off, and the status reports it', async () => {
    const { app, wg0, peer, comeBack } = await startWithDeleted();
    await app.restart({ WGQL_MANAGE: 'off' });
    comeBack();
    await polls(app);
    expect(wg0.peers.size).toBe(1);
    expect(await userOf(app, peer.publicKey)).toBeNull();
    expect((await statusOf(app)).lastError).toMatch(/WGQL_MANAGE=off does not remove it/);
    wg0.peers.clear();
    await polls(app);
    expect((await statusOf(app)).lastError).not.toMatch(/deleted user/);
  });
});

describe('a user who is deleted while its interface is down', () => {
  it('does not come back with the interface', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    wg0.exists = false;
    await polls(app);
    const answer = await app.post(`/api/users/${id}/delete`, {});
    expect(answer.status).toBe(200);
    wg0.recreate();
    wg0.exists = true;
    wg0.addPeer({ publicKey, allowedIps: ['10.8.0.2/32'] });
    await polls(app);
    expect(wg0.peers.has(publicKey)).toBe(false);
    expect(await userOf(app, publicKey)).toBeNull();
  });
});

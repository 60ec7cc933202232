import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { polls, startWithPeer, updateUser, userOf } from '../fixtures/enforcement-app.ts';
import type { TestApp } from '../fixtures/test-app.ts';

/** Keeps the program from writing to its database until `release`. */
function stopWrites(app: TestApp): { release: () => void } {
  const database = new Database(join(app.folder, 'wgql.db'), { timeout: 5_000 });
  onTestFinished(() => void database.close());
  database.exec('BEGIN IMMEDIATE');
  return { release: () => void database.exec('ROLLBACK') };
}

const readiness = async (app: TestApp) => (await app.rest('/readyz')).status;

describe('while nothing can be written to the database', () => {
  it('a user who expires is removed, and its last bytes are booked later', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    const expiresAt = new Date(app.clock.wallMs() + 60_000).toISOString();
    await updateUser(app, id, `expiresAt: "${expiresAt}"`);
    await polls(app);
    const writes = stopWrites(app);
    app.clock.advance(61_000);
    peer.rxBytes += 500n;
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    expect(await readiness(app)).toBe(503);
    writes.release();
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    expect(await readiness(app)).toBe(200);
    const [user] = (await app.rest('/api/users')).body;
    expect(user.total_rx).toBe(500);
  });

  it('a user who is removed comes back later with its former configuration', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await updateUser(app, id, 'dataLimit: 1');
    await polls(app);
    const writes = stopWrites(app);
    peer.rxBytes += 2_000_000n;
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    writes.release();
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    await updateUser(app, id, 'dataLimit: 0');
    await polls(app);
    expect(wg0.peers.get(peer.publicKey)?.allowedIps).toEqual(['10.8.0.2/32']);
    expect((await userOf(app, peer.publicKey)).enforcement.applied).toBe('PRESENT');
  });

  it('a disabled user who is added by hand is removed', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    const writes = stopWrites(app);
    wg0.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.8.0.2/32'] });
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
    writes.release();
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(false);
  });

  it('other users are not affected', async () => {
    const { app, wg0, peer } = await startWithPeer();
    const writes = stopWrites(app);
    peer.rxBytes += 700n;
    app.wireguard.writes.length = 0;
    await polls(app);
    expect(app.wireguard.writes).toEqual([]);
    writes.release();
    await polls(app);
    expect(wg0.peers.size).toBe(1);
    expect((await app.rest('/api/users')).body[0].total_rx).toBe(700);
  });
});

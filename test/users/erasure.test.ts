import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { polls, startWithPeer } from '../fixtures/enforcement-app.ts';
import type { TestApp } from '../fixtures/test-app.ts';

const ENDPOINT = '192.0.2.77:40000';

/** Which columns of which tables hold the endpoint. */
function placesOf(app: TestApp): string[] {
  const file = new Database(join(app.folder, 'wgql.db'), { readonly: true });
  try {
    return ['User', 'Peer', 'Session', 'Event'].filter((table) =>
      file
        .prepare(`SELECT "endpoint" FROM "${table}"`)
        .pluck()
        .all()
        .some((endpoint) => endpoint === ENDPOINT),
    );
  } finally {
    file.close();
  }
}

describe('the endpoint of an erased user', () => {
  it('is not stored again when the interface comes back without the peer', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    peer.endpoint = ENDPOINT;
    wg0.shakeHands(peer);
    await polls(app);
    expect(placesOf(app)).toContain('Peer');
    wg0.exists = false;
    await polls(app);
    expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(200);
    expect(placesOf(app)).toEqual([]);
    wg0.recreate();
    wg0.exists = true;
    await polls(app);
    expect(placesOf(app)).toEqual([]);
  });

  it('is not stored again when the key is added again', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    peer.endpoint = ENDPOINT;
    wg0.shakeHands(peer);
    await polls(app);
    expect((await app.post(`/api/users/${id}/delete`, {})).status).toBe(200);
    wg0.addPeer({ publicKey: peer.publicKey, allowedIps: ['10.8.0.2/32'] });
    await polls(app);
    expect(placesOf(app)).toEqual([]);
  });
});

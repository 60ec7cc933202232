import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newPresharedKey, polls, startWithPeer, userOf } from '../../fixtures/enforcement-app.ts';
import { newPublicKey } from '../../fixtures/fake-interface.ts';

describe.each([
  ['empty', ''],
  ['truncated', newPresharedKey().slice(0, 20)],
])('a key file that is %s', (_, damaged) => {
  it('keeps off only the peers that had a preshared key, and is not changed', async () => {
    const { app, wg0, peer: plain, id: plainId } = await startWithPeer();
    const keyed = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: keyed, preshared_key: newPresharedKey() });
    await polls(app);
    const { id } = await userOf(app, keyed);
    await app.post(`/api/users/${id}/disable`, {});
    await polls(app);
    const file = join(app.folder, 'wgql.key');
    await writeFile(file, damaged);
    await app.restart();
    await app.post(`/api/users/${id}/enable`, {});
    await app.post(`/api/users/${plainId}/disable`, {});
    await polls(app);
    expect([...wg0.peers.keys()]).toEqual([]);
    expect((await userOf(app, keyed)).enforcement).toMatchObject({
      applied: 'PENDING',
      lastError: expect.stringContaining('WGQL_SECRET_KEY_FILE'),
    });
    await app.post(`/api/users/${plainId}/enable`, {});
    await polls(app);
    expect([...wg0.peers.keys()]).toEqual([plain.publicKey]);
    expect(await readFile(file, 'utf8')).toBe(damaged);
  });

  it('does not prevent monitoring, and no peer is removed whose key could not be stored', async () => {
    const { app, wg0, peer, id } = await startWithPeer();
    await writeFile(join(app.folder, 'wgql.key'), damaged);
    await app.restart();
    wg0.presharedKeys.set(peer.publicKey, newPresharedKey());
    await polls(app);
    const created = await app.post('/api/users/create', {
      peer_pubkey: newPublicKey(),
      preshared_key: newPresharedKey(),
    });
    expect([created.status, created.body.code]).toEqual([503, 'UNAVAILABLE']);
    await app.post(`/api/users/${id}/disable`, {});
    const other = wg0.addPeer({ allowedIps: ['10.8.0.9/32'] });
    await polls(app);
    expect(wg0.peers.has(peer.publicKey)).toBe(true);
    expect((await userOf(app, peer.publicKey)).enforcement.lastError).toContain(
      'WGQL_SECRET_KEY_FILE',
    );
    const { id: otherId } = await userOf(app, other.publicKey);
    await app.post(`/api/users/${otherId}/disable`, {});
    await polls(app);
    expect([...wg0.peers.keys()]).toEqual([peer.publicKey]);
  });
});

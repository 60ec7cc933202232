import { describe, expect, it } from 'vitest';
import { eventTypes, polls, startWithUser, userOf } from './support/enforced.ts';
import { newPublicKey } from './support/fake-wireguard.ts';
import { startTestApp } from './support/test-app.ts';

describe('the key of an interface that was not up when its user was created', () => {
  it('is never put on it, and the user hears why', async () => {
    const app = await startTestApp();
    await app.polled();
    const publicKey = newPublicKey();
    await app.post('/api/users/create', { peer_pubkey: publicKey, interface: 'wg0' });
    app.wireguard.interface().publicKey = publicKey;
    await polls(app);
    expect((await userOf(app, publicKey)).enforcement).toMatchObject({
      applied: 'PENDING',
      lastError: expect.stringMatching(/of the interface itself/),
    });
    expect(app.wireguard.writes).toEqual([]);
  });
});

describe('a peer that was put and is not there when it is read back', () => {
  it('is put once a poll, and the user hears of it once, until it is there', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    const { commands } = app.wireguard;
    const { put } = commands;
    const readsAtPuts: number[] = [];
    commands.put = async () => {
      readsAtPuts.push(app.wireguard.reads);
    };
    wg0.recreate();
    await polls(app, 8);
    const between = readsAtPuts.map((reads, index) => reads - (readsAtPuts[index - 1] ?? 0));
    // A read for the put, and one that looks for it.
    expect(new Set(between.slice(1))).toEqual(new Set([2]));
    expect((await userOf(app, publicKey)).enforcement).toMatchObject({
      applied: 'PENDING',
      lastError: expect.stringMatching(/does not show it as declared.*wg show wg0/),
    });
    const failures = async () =>
      (await eventTypes(app, id)).filter((type) => type === 'LIMIT_FAILED');
    expect(await failures()).toHaveLength(1);
    commands.put = put;
    await polls(app);
    expect((await userOf(app, publicKey)).enforcement).toMatchObject({
      applied: 'PRESENT',
      lastError: null,
    });
    expect(await failures()).toHaveLength(1);
  });
});

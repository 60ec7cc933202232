import { describe, expect, it } from 'vitest';
import { AppError, type Text } from '../../src/domain/errors.ts';
import { NO_ANSWER } from '../../src/wg/command/wg.ts';
import { eventTypes, polls, startWithUser, userOf } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp } from '../fixtures/test-app.ts';

describe('the key of an interface that was not up when its user was created', () => {
  it('is never added to it, and the user shows why', async () => {
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

describe('a peer that was written and does not exist when it is read back', () => {
  it('is written once per poll until it exists, and the user shows the error once', async () => {
    const { app, wg0, publicKey, id } = await startWithUser();
    const { commands } = app.wireguard;
    const { write } = commands;
    const readsAtPuts: number[] = [];
    commands.write = async () => {
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
    commands.write = write;
    await polls(app);
    expect((await userOf(app, publicKey)).enforcement).toMatchObject({
      applied: 'PRESENT',
      lastError: null,
    });
    expect(await failures()).toHaveLength(1);
  });
});

describe('peers that cannot be written together', () => {
  /** The sizes of the commands of one poll that writes three peers, of which one is bad. */
  const sizesOfPuts = async (refusalOfBad: Text) => {
    const app = await startTestApp();
    await app.polled();
    const keys = [newPublicKey(), newPublicKey(), newPublicKey()];
    for (const peer_pubkey of keys) {
      await app.post('/api/users/create', { peer_pubkey, interface: 'wg0' });
    }
    const { commands } = app.wireguard;
    const { write } = commands;
    const sizes: number[][] = [];
    let lastReads = 0;
    commands.write = async (name, configs, signal) => {
      if (lastReads !== app.wireguard.reads) sizes.push([]);
      lastReads = app.wireguard.reads;
      sizes.at(-1)?.push(configs.length);
      if (configs.some(({ publicKey }) => publicKey === keys[1])) {
        throw new AppError('UNAVAILABLE', refusalOfBad);
      }
      return write(name, configs, signal);
    };
    const wg0 = app.wireguard.interface();
    await polls(app);
    const errors = await Promise.all(
      keys.map(async (key) => (await userOf(app, key)).enforcement.lastError),
    );
    return { first: sizes[0], errors, there: keys.map((key) => wg0.peers.has(key)) };
  };

  it('are written one at a time if one is rejected', async () => {
    const refusal = { en: 'Refused.', zh: '被拒绝。' };
    expect(await sizesOfPuts(refusal)).toEqual({
      first: [3, 1, 1, 1],
      errors: [null, refusal.en, null],
      there: [true, false, true],
    });
  });

  it('are written once per poll if the interface does not respond', async () => {
    expect(await sizesOfPuts(NO_ANSWER)).toEqual({
      first: [3],
      errors: [NO_ANSWER.en, NO_ANSWER.en, NO_ANSWER.en],
      there: [false, false, false],
    });
  });
});

describe('a peer that cannot be removed', () => {
  it('is removed again at each poll', async () => {
    const app = await startTestApp({
      // So that only what is asked makes it poll.
      env: { WGQL_POLL_INTERVAL_MS: '60000' },
      prepare: (wireguard) => wireguard.interface().addPeer({ allowedIps: ['10.8.0.2/32'] }),
    });
    const [publicKey = ''] = app.wireguard.interface().peers.keys();
    const user = await app.eventually('the first poll', () => userOf(app, publicKey));
    let tries = 0;
    app.wireguard.commands.clearAllowedIps = async () => {
      tries += 1;
      throw new AppError('UNAVAILABLE', { en: 'Refused.', zh: '被拒绝。' });
    };
    expect((await app.post(`/api/users/${user.id}/delete`, {})).status).toBe(503);
    // One poll for the change, and one for the answer.
    expect(tries).toBeLessThanOrEqual(2);
  });
});

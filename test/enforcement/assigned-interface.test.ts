import { describe, expect, it } from 'vitest';
import { polls, startWithUser, updateUser, userOf } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

const enforcementOf = async (app: TestApp, publicKey: string) =>
  (await userOf(app, publicKey)).enforcement;

describe('an omitted interface', () => {
  it('is the only existing one, and is required if there are several', async () => {
    const { app, publicKey, id } = await startWithUser();
    await updateUser(app, id, 'interface: null');
    expect((await userOf(app, publicKey)).interface).toBe('wg0');
    app.wireguard.interface('wg1');
    await polls(app);
    const { errors } = await updateUser(app, id, 'interface: null');
    expect(errors?.[0]?.extensions.fields?.[0]?.message).toMatch(/wg0, wg1/);
    expect((await enforcementOf(app, publicKey)).applied).toBe('PRESENT');
  });

  it.each([
    ['one of them is down', ['wg0']],
    ['none has been read yet', []],
  ])('is required if the settings name several, although %s', async (_, up) => {
    const app = await startTestApp({
      env: { WGQL_INTERFACES: 'wg0,wg1' },
      prepare: (wireguard) => {
        for (const name of up) wireguard.interface(name).publicKey = newPublicKey();
      },
    });
    await app.polled();
    const created = await app.post('/api/users/create', { peer_pubkey: newPublicKey() });
    expect([created.status, created.body.message]).toEqual([
      400,
      expect.stringContaining('wg0, wg1'),
    ]);
    const provisioned = await app.graphql(
      'mutation { provisionUser(input: { endpoint: "vpn.example" }) { configuration } }',
    );
    expect(provisioned.errors?.[0]?.extensions.fields?.[0]).toMatchObject({ field: 'interface' });
    expect((await app.rest('/api/users')).body).toEqual([]);
  });

  it('is still required after the settings are changed to name several', async () => {
    const { app, publicKey } = await startWaiting();
    await app.restart({ WGQL_INTERFACES: 'wg0,wg1' });
    app.wireguard.interface('wg0');
    await polls(app);
    expect(await userOf(app, publicKey)).toMatchObject({
      interface: null,
      enforcement: { lastError: expect.stringContaining('wg0, wg1') },
    });
  });

  it('is required once two appear for a user that waits for one', async () => {
    const { app, publicKey } = await startWaiting();
    app.wireguard.interface('wg0');
    app.wireguard.interface('wg1');
    await polls(app);
    const { applied, lastError } = await enforcementOf(app, publicKey);
    expect(applied).toBe('PENDING');
    expect(lastError).toMatch(/several interfaces \(wg0, wg1\)/);
  });

  it('is reported as awaited if it is named and does not exist', async () => {
    const { app, publicKey } = await startWaiting({ interface: 'wg9' });
    app.wireguard.interface('wg0');
    await polls(app);
    const { applied, lastError } = await enforcementOf(app, publicKey);
    expect(applied).toBe('PENDING');
    expect(lastError).toMatch(/no interface wg9/);
  });
});

async function startWaiting(fields: Record<string, unknown> = {}) {
  const app = await startTestApp();
  await app.polled();
  const publicKey = newPublicKey();
  await app.post('/api/users/create', { peer_pubkey: publicKey, ...fields });
  return { app, publicKey };
}

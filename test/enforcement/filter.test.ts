import { describe, expect, it } from 'vitest';
import { polls, startWithPeer } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import type { TestApp } from '../fixtures/test-app.ts';

const STATES = ['PRESENT', 'ABSENT', 'PENDING', 'MISSING', 'UNKNOWN'];

interface Found {
  readonly id: string;
  readonly enforcement: { readonly applied: string };
}

async function users(app: TestApp, filter = ''): Promise<Found[]> {
  const { data } = await app.graphql(
    `{ users(first: 1000${filter}) { edges { node { id enforcement { applied } } } } }`,
  );
  return data.users.edges.map(({ node }: { node: Found }) => node);
}

async function expectAgreement(app: TestApp): Promise<Set<string>> {
  const all = await users(app);
  for (const state of STATES) {
    const shown = all.filter(({ enforcement }) => enforcement.applied === state);
    const found = await users(app, `, filter: { enforcement: ${state} }`);
    expect([state, found]).toEqual([state, shown]);
  }
  return new Set(all.map(({ enforcement }) => enforcement.applied));
}

describe('the filter by enforcement', () => {
  it('finds the users that show this state, whatever was done to them', async () => {
    const { app, wg0 } = await startWithPeer();
    const wg1 = app.wireguard.interface('wg1');
    const missing = newPublicKey();
    const create = (fields: object) =>
      app.post('/api/users/create', { peer_pubkey: newPublicKey(), interface: 'wg0', ...fields });
    await create({ peer_pubkey: missing });
    await create({});
    await create({ enabled: 0 });
    await create({ expiry_date: '2020-01-01' });
    const overQuota = wg0.addPeer({ rxBytes: 0n });
    await polls(app);
    await create({ peer_pubkey: overQuota.publicKey, data_limit: 1, interface: undefined });
    await polls(app);
    overQuota.rxBytes = 5_000_000n;
    wg0.peers.delete(missing);
    wg0.addPeer();
    wg1.addPeer();
    await create({ interface: 'wg1' });
    await polls(app);
    wg1.unknown = { en: 'It hangs.', zh: '无响应。' };
    await create({ interface: 'wg9' });
    await polls(app);
    app.clock.advance(60_000);
    await polls(app);
    const states = await expectAgreement(app);
    expect([...states].sort()).toEqual([...STATES].sort());
    await app.restart({ WGQL_MANAGE: 'off' });
    await polls(app);
    expect([...(await expectAgreement(app))].sort()).toEqual(['ABSENT', 'PRESENT', 'UNKNOWN']);
  });
});

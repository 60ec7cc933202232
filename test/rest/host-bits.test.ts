import { describe, expect, it } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { startFleet, stateOf } from './support.ts';

const CREATE = 'mutation ($i: CreateUserInput!) { createUser(input: $i) { user { id } } }';
const UPDATE = 'mutation ($i: UpdateUserInput!) { updateUser(id: "1", input: $i) { user { id } } }';
const PROVISION = 'mutation ($i: ProvisionUserInput!) { provisionUser(input: $i) { user { id } } }';
const TOKEN = 'mutation ($i: CreateTokenInput!) { createToken(input: $i) { token { id } } }';

describe('an allowed IP with host bits', () => {
  it.each([
    ['10.77.0.50/24', '10.77.0.50/32', '10.77.0.0/24'],
    ['fd00::50/64', 'fd00::50/128', 'fd00::/64'],
  ])('is rejected by both APIs with its two corrections: %s', async (given, address, network) => {
    const app = await startFleet();
    const before = await stateOf(app);
    const said = [
      await app.post('/api/users/1/update', { allowed_ips: given }),
      await app.post('/api/users/create', { peer_pubkey: newPublicKey(), allowed_ips: [given] }),
    ].map(({ status, body }) => [status, body.code, body.message]);
    const inputs = [
      [CREATE, { publicKey: newPublicKey(), allowedIps: [given] }],
      [UPDATE, { allowedIps: [given] }],
      [PROVISION, { allowedIps: [given] }],
      [PROVISION, { clientAllowedIps: [given], endpoint: 'vpn.example' }],
      [TOKEN, { name: 'a', role: 'VIEWER', allowedFrom: [given] }],
    ] as const;
    for (const [document, i] of inputs) {
      const { status, errors } = await app.graphql(document, { i });
      said.push([status + 200, errors?.[0]?.extensions.code, errors?.[0]?.message]);
    }
    for (const [status, code, message] of said) {
      expect([status, code]).toEqual([400, 'INVALID_ARGUMENT']);
      expect(message).toContain(address);
      expect(message).toContain(network);
    }
    expect(await stateOf(app)).toEqual(before);
  });
});

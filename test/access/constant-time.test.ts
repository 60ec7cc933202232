import { describe, expect, it, vi } from 'vitest';
import { hashOf, newSecret } from '../../src/access/token.ts';
import { createTokenRegistry } from '../../src/access/token-registry.ts';
import { testClock } from '../fixtures/test-clock.ts';

const { compared } = vi.hoisted(() => ({ compared: [] as [Uint8Array, Uint8Array][] }));
vi.mock('node:crypto', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:crypto')>();
  const timingSafeEqual: typeof real.timingSafeEqual = (one, other) => {
    compared.push([one as Uint8Array, other as Uint8Array]);
    return real.timingSafeEqual(one, other);
  };
  return { ...real, timingSafeEqual };
});

describe('a token that a client sends', () => {
  it('is compared with every known token in constant time', () => {
    const [own, first, last] = [newSecret(), newSecret(), newSecret()];
    const clock = testClock();
    const registry = createTokenRegistry({ auth: 'auto', isLoopback: true, ownToken: own, clock });
    const tokens = [first, last].map((secret, index) => ({
      id: index + 1,
      name: `token ${index + 1}`,
      role: 'viewer',
      hash: hashOf(secret),
      expiresAt: null,
      allowedFrom: null,
      owner: null,
      revokedAt: null,
    }));
    registry.replace({ hadToken: true, tokens, logins: [] });
    const known = [own, first, last].map(hashOf);
    for (const [secret, name] of [
      [own, 'WGQL_TOKEN'],
      [first, 'token 1'],
      [last, 'token 2'],
      [newSecret(), undefined],
      ['', undefined],
    ] as const) {
      compared.length = 0;
      const answer = registry.authenticate(secret, '192.0.2.1');
      expect('role' in answer ? answer.name : undefined).toBe(name);
      const hex = compared.map((pair) => pair.map((bytes) => Buffer.from(bytes).toString('hex')));
      expect(hex).toEqual(known.map((hash) => [hash, hashOf(secret)]));
    }
  });

  it('as a login is compared with every known login in constant time', () => {
    const [token, first, last] = [newSecret(), newSecret(), newSecret()];
    const clock = testClock();
    const registry = createTokenRegistry({
      ...{ auth: 'auto', isLoopback: true, ownToken: token, clock },
    });
    const logins = [first, last].map((secret, index) => ({
      id: index + 1,
      tokenHash: hashOf(token),
      hash: hashOf(secret),
      createdAt: new Date(clock.wallMs()),
      expiresAt: new Date(clock.wallMs() + 1000),
      address: null,
    }));
    registry.replace({ hadToken: true, tokens: [], logins });
    for (const [secret, id] of [
      [first, 1],
      [last, 2],
      [newSecret(), undefined],
    ] as const) {
      compared.length = 0;
      const answer = registry.authenticateLogin(secret, '192.0.2.1');
      expect('role' in answer ? answer.loginId : undefined).toBe(id);
      const hex = compared.map((pair) => pair.map((bytes) => Buffer.from(bytes).toString('hex')));
      expect(hex).toEqual([first, last].map((known) => [hashOf(known), hashOf(secret)]));
    }
  });
});

import { describe, expect, it } from 'vitest';
import { hashOf, newSecret, type StoredToken } from '../../src/access/token.ts';
import { createTokenRegistry } from '../../src/access/token-registry.ts';
import { AppError } from '../../src/domain/errors.ts';
import { type Context, createContext, type Services } from '../../src/resolvers/context.ts';
import { testClock } from '../fixtures/test-clock.ts';

const OWNED = {
  users: { find: async () => 'own', findMany: async () => [] },
  sessions: { findMany: async () => [] },
};
const WHOLE = {
  users: { ...OWNED.users, secrets: () => 'of all' },
  sessions: OWNED.sessions,
  tokens: { list: () => 'of all' },
  commands: { edit: () => 'of all' },
};

/** The registry after a load, and who the token's holder is. */
function registryWith(token: Partial<StoredToken>) {
  const registry = createTokenRegistry({
    auth: 'auto',
    isLoopback: true,
    ownToken: null,
    clock: testClock(),
  });
  const secret = newSecret();
  const stored: StoredToken = {
    id: 1,
    name: 'bob',
    role: 'self',
    hash: hashOf(secret),
    expiresAt: null,
    allowedFrom: null,
    owner: 'Bob',
    revokedAt: null,
    ...token,
  };
  const load = (changed: Partial<StoredToken> = {}) => {
    registry.replace({ hadToken: true, tokens: [{ ...stored, ...changed }], logins: [] });
    return registry.authenticate(secret, '192.0.2.1');
  };
  return { load };
}

function contextOf(token: Partial<StoredToken>): Context {
  const services = {
    store: { ...WHOLE, ownedBy: (owner: string) => ({ ...OWNED, owner }) },
    clock: testClock(),
    calendar: {},
    config: {},
  } as unknown as Services;
  const principal = registryWith(token).load();
  return createContext(services, { principal, language: 'en', turn: async () => {} });
}

const read = (ctx: Context, ...path: string[]) =>
  path.reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], ctx.store);

describe('the store of a token with the role self', () => {
  it('has what belongs to the owner', async () => {
    const ctx = contextOf({});
    expect(read(ctx, 'owner')).toBe('Bob');
    expect(await ctx.store.users.find(1)).toBe('own');
  });

  it.each([
    ['a part', ['tokens']],
    ['the commands', ['commands']],
    ['another owner', ['ownedBy']],
    ['a read of a part', ['users', 'secrets']],
    ['a part that is added later', ['whatever']],
  ])('refuses everything that was not decided on: %s', (_, path) => {
    const refusal = (() => {
      try {
        return read(contextOf({}), ...path);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each(['viewer', 'operator', 'admin'])('is not that of a %s', (role) => {
    expect(read(contextOf({ role, owner: null }), 'tokens', 'list')).toBeDefined();
  });
});

describe('a stored token', () => {
  it.each([
    ['the role self without an owner', { owner: null }],
    ['another role with an owner', { role: 'admin' }],
  ])('grants nothing with %s', (_, token) => {
    expect(registryWith(token).load()).toBeInstanceOf(AppError);
  });

  it('gives a new grant, and ends the former, when its owner changes', () => {
    const { load } = registryWith({});
    const before = load();
    expect(before).toMatchObject({ role: 'self', owner: 'Bob' });
    expect(load()).toBe(before);
    const after = load({ owner: 'Alice' });
    expect(after).toMatchObject({ owner: 'Alice' });
    expect(before).toMatchObject({ ended: { aborted: true } });
  });
});

import { describe, expect, it } from 'vitest';
import { clientBehindAddress, isFrom } from '../../src/access/client-networks.ts';
import { countFailedTries } from '../../src/access/failed-tries.ts';
import { hashOf, newSecret, type StoredToken } from '../../src/access/token.ts';
import { createTokenRegistry, type TokenRegistry } from '../../src/access/token-registry.ts';
import { canonicalPrefix } from '../../src/domain/wireguard/prefix.ts';
import { testClock } from '../fixtures/test-clock.ts';

const OWN = 'a-token-of-more-than-thirty-two-characters';
const bookOf = (clock = testClock()): TokenRegistry =>
  createTokenRegistry({ auth: 'auto', isLoopback: true, ownToken: OWN, clock });

const storedToken = (secret: string): StoredToken => ({
  id: 1,
  name: 'laptop',
  role: 'viewer',
  hash: hashOf(secret),
  expiresAt: null,
  allowedFrom: null,
  owner: null,
  revokedAt: null,
});

/** How many of these attempts are rejected as invalid before the client must wait. */
function triesOf(registry: TokenRegistry, addresses: readonly string[]): number {
  const codes = addresses.map((address) => registry.authenticate('wrong', address));
  const refused = codes.findIndex((answer) => 'code' in answer && answer.code === 'RATE_LIMITED');
  return refused < 0 ? addresses.length : refused;
}

describe('failed tries', () => {
  it('from one IPv6 /64 network count together, and from two networks separately', () => {
    const hosts = Array.from({ length: 20 }, (_, n) => `2001:db8:0:1::${n.toString(16)}`);
    const networks = Array.from({ length: 20 }, (_, n) => `2001:db8:0:${n.toString(16)}::1`);
    expect(triesOf(bookOf(), hosts)).toBe(10);
    expect(triesOf(bookOf(), networks)).toBe(20);
  });

  it('count together for IPv4 addresses with and without an IPv6 socket', () => {
    const both = Array.from({ length: 20 }, (_, n) => (n % 2 ? '192.0.2.1' : '::ffff:192.0.2.1'));
    expect(triesOf(bookOf(), both)).toBe(10);
  });

  it('are remembered for at most ten thousand clients', () => {
    const tries = countFailedTries(testClock());
    for (let n = 0; n < 11; n++) tries.add('first');
    expect(tries.add('first')).not.toBeNull();
    for (let n = 0; n < 10_000; n++) tries.add(`client ${n}`);
    expect(tries.add('first')).toBeNull();
  });

  it('do not lock out clients with a valid token of the database', () => {
    const registry = bookOf();
    const secret = newSecret();
    registry.replace({ hadToken: true, tokens: [storedToken(secret)], logins: [] });
    for (let n = 0; n < 100; n++) registry.authenticate('wrong', '192.0.2.1');
    expect(registry.authenticate(secret, '192.0.2.1')).toMatchObject({ name: 'laptop' });
  });

  it('allow ten guesses of WGQL_TOKEN per minute from one address, and no more', () => {
    const clock = testClock();
    const registry = bookOf(clock);
    const tryAll = (address: string, count: number) => {
      for (let n = 0; n < count; n++) registry.authenticate('wrong', address);
    };
    tryAll('192.0.2.1', 9);
    expect(registry.authenticate(OWN, '192.0.2.1')).toMatchObject({ name: 'WGQL_TOKEN' });
    tryAll('192.0.2.1', 1);
    expect(registry.authenticate(OWN, '192.0.2.1')).toMatchObject({ code: 'RATE_LIMITED' });
    expect(registry.authenticate(OWN, '192.0.2.2')).toMatchObject({ name: 'WGQL_TOKEN' });
    clock.advance(60_001);
    expect(registry.authenticate(OWN, '192.0.2.1')).toMatchObject({ name: 'WGQL_TOKEN' });
  });
});

describe('before the stored tokens are loaded', () => {
  it('a token is required', () => {
    const settings = { auth: 'auto', isLoopback: true, ownToken: null } as const;
    const registry = createTokenRegistry({ ...settings, clock: testClock() });
    expect(registry.authenticate(null, '127.0.0.1')).toMatchObject({ code: 'UNAUTHENTICATED' });
    registry.replace({ hadToken: false, tokens: [], logins: [] });
    expect(registry.authenticate(null, '127.0.0.1')).toMatchObject({ name: 'local' });
  });
});

describe('a prefix', () => {
  it.each([
    ['192.0.2.77/24', '192.0.2.0/24'],
    [' 10.0.0.1 ', '10.0.0.1/32'],
    ['2001:DB8:0::1/48', '2001:db8::/48'],
    ['::1', '::1/128'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('%s is written as %s', (given, written) => {
    expect(canonicalPrefix(given)).toBe(written);
  });

  it.each(['', '1.2.3', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/33', '::/129', 'host', '010.0.0.1'])(
    'is not valid: %j',
    (given) => {
      expect(canonicalPrefix(given)).toBeNull();
    },
  );

  it('contains only addresses of its own family', () => {
    expect(isFrom('192.0.2.255', ['192.0.2.0/24'])).toBe(true);
    expect(isFrom('::ffff:192.0.2.255', ['192.0.2.0/24'])).toBe(true);
    expect(isFrom('192.0.3.0', ['192.0.2.0/24', '::/0'])).toBe(false);
    expect(isFrom('fe80::1%eth0', ['fe80::/10'])).toBe(true);
    expect(isFrom('nonsense', ['0.0.0.0/0', '::/0'])).toBe(false);
  });

  it('of IPv4 that is written as IPv6 contains IPv4 addresses and no IPv6 addresses', () => {
    for (const address of [
      '203.0.113.9',
      '::ffff:203.0.113.9',
      '::FFFF:cb00:7109',
      '0::ffff:203.0.113.9%1',
    ]) {
      expect(isFrom(address, ['::ffff:203.0.113.9']), address).toBe(true);
      expect(isFrom(address, ['::ffff:cb00:7100/120']), address).toBe(true);
      expect(isFrom(address, ['203.0.113.0/24']), address).toBe(true);
      expect(isFrom(address, ['::ffff:203.0.113.8', '::/0']), address).toBe(false);
      expect(clientBehindAddress(address)).toBe('203.0.113.9/32');
    }
    expect(isFrom('2001:db8::1', ['::ffff:0:0/96'])).toBe(false);
  });
});

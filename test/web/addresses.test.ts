import { expect, it } from 'vitest';
import { addressesOf } from '../../web/sessions/addresses.ts';

it('addresses are counted without their ports, the newest first', () => {
  const sessions = [
    { endpoint: '192.0.2.1:4000', lastSeenAt: '2026-11-27T10:00:00.000Z' },
    { endpoint: '[2001:db8::1]:51820', lastSeenAt: '2026-11-26T10:00:00.000Z' },
    { endpoint: '192.0.2.1:5000', lastSeenAt: '2026-11-25T10:00:00.000Z' },
    { endpoint: null, lastSeenAt: '2026-11-28T10:00:00.000Z' },
  ];
  expect(addressesOf(sessions)).toEqual([
    { address: '192.0.2.1', sessions: 2, lastAt: '2026-11-27T10:00:00.000Z' },
    { address: '[2001:db8::1]', sessions: 1, lastAt: '2026-11-26T10:00:00.000Z' },
  ]);
});

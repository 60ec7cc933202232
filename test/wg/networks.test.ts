import { describe, expect, it } from 'vitest';
import { systemNetworks } from '../../src/wg/networks.ts';

describe("an interface's networks", () => {
  it('are those that the system has', () => {
    expect(systemNetworks('lo')).toContain('127.0.0.1/8');
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'gone0', ''])(
    'are none where no interface has the name: %s',
    (name) => expect(systemNetworks(name)).toEqual([]),
  );
});

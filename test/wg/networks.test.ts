import { describe, expect, it } from 'vitest';
import { publicAddressOf, systemNetworks } from '../../src/wg/networks.ts';
import { parseIpv4, parseIpv6 } from '../../src/wg/routes.ts';

describe("an interface's networks", () => {
  it('are those that the system has', () => {
    expect(systemNetworks.networksOf('lo')).toContain('127.0.0.1/8');
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'gone0', ''])(
    'are none where no interface has the name: %s',
    (name) => expect(systemNetworks.networksOf(name)).toEqual([]),
  );

  it('of the others do not hold its own', () => {
    expect(systemNetworks.networksBeside('lo')).not.toContain('127.0.0.1/8');
    expect(systemNetworks.networksBeside('wg0')).toContain('127.0.0.1/8');
  });
});

const IPV4 = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
wg0\t0007A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth0\t0000A8C0\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
`;
const IPV6 = `fd080000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     wg0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000002 00000000 00000003    eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200      lo
`;

describe('the routes of the system', () => {
  it('are read for IPv4', () => {
    expect(parseIpv4(IPV4)).toEqual([
      { device: 'eth0', family: 4, prefix: '0.0.0.0/0', metric: 100 },
      { device: 'wg0', family: 4, prefix: '192.168.7.0/24', metric: 0 },
    ]);
  });

  it('are read for IPv6, without those that lead nowhere', () => {
    expect(parseIpv6(IPV6)).toEqual([
      { device: 'wg0', family: 6, prefix: 'fd08::/64', metric: 256 },
      { device: 'eth0', family: 6, prefix: '::/0', metric: 1024 },
    ]);
  });

  it.each(['', 'nonsense', 'a b c d e f g h'])('are none in %j', (table) => {
    expect([...parseIpv4(`head\n${table}`), ...parseIpv6(table)]).toEqual([]);
  });
});

describe('the public address of a machine', () => {
  const route = (device: string, family: 4 | 6, metric = 0) => ({
    device,
    family,
    prefix: family === 4 ? '0.0.0.0/0' : '::/0',
    metric,
  });
  const addresses = new Map([
    ['docker0', ['172.17.0.1/16']],
    ['eth0', ['10.0.0.5/24', '203.0.113.9/24', '2001:db8::5/64']],
    ['eth1', ['198.51.100.7/24']],
    ['nat', ['192.168.1.2/24', 'fe80::1/64', 'fd00::2/64']],
    ['cgn', ['100.64.3.2/10']],
  ]);

  it.each([
    ['is that of the default route', [route('eth0', 4)], '203.0.113.9'],
    [
      'is that of the route with the smallest metric',
      [route('eth0', 4, 9), route('eth1', 4, 1)],
      '198.51.100.7',
    ],
    ['is one of IPv6 where there is no other', [route('nat', 4), route('eth0', 6)], '2001:db8::5'],
    ['is none behind a router', [route('nat', 4), route('nat', 6)], null],
    ["is none behind a provider's translation", [route('cgn', 4)], null],
    ['is none of a bridge', [route('docker0', 4)], null],
    ['is none without a default route', [], null],
    ['is none of an interface without addresses', [route('gone', 4)], null],
  ])('%s', (_, routes, address) => {
    expect(publicAddressOf(routes, addresses)).toBe(address);
  });
});

import { describe, expect, it } from 'vitest';
import { type HostAddress, listAddresses, parseAddresses } from '../../src/wg/host-addresses.ts';
import { systemNetworks } from '../../src/wg/host-networks.ts';
import { publicAddressOf } from '../../src/wg/public-address.ts';
import { parseIpv4, parseIpv6 } from '../../src/wg/read/routes.ts';

const OBJECT_MEMBERS = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
const { signal } = new AbortController();

const OUTPUT = String.raw`1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
2: eth0    inet 192.0.2.5/24 brd 192.0.2.255 scope global eth0\       valid_lft forever preferred_lft forever
2: eth0    inet6 2001:db8::9/64 scope global temporary dynamic \       valid_lft 80sec preferred_lft 40sec
2: eth0    inet6 2001:db8::8/64 scope global deprecated dynamic \       valid_lft 80sec preferred_lft 0sec
2: eth0    inet6 2001:db8::5/64 scope global \       valid_lft forever preferred_lft forever
2: eth0    inet6 fe80::1/64 scope link \       valid_lft forever preferred_lft forever
3: constructor    inet 10.8.0.1/24 scope global constructor\       valid_lft forever preferred_lft forever
4: __proto__    inet 10.9.0.1 peer 10.9.0.2/32 scope global __proto__\       valid_lft forever preferred_lft forever
5: wg1: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1420 qdisc noqueue state UNKNOWN
6: wg"x    inet 10.10.0.1/16 scope global wg"x\       valid_lft forever preferred_lft forever
`;

describe('the addresses of a machine', () => {
  it('are read with their devices, whatever the device names', () => {
    const found = parseAddresses(OUTPUT).map(({ device, prefix }) => `${device} ${prefix}`);
    expect(found).toEqual([
      'lo 127.0.0.1/8',
      'eth0 192.0.2.5/24',
      'eth0 2001:db8::9/64',
      'eth0 2001:db8::8/64',
      'eth0 2001:db8::5/64',
      'constructor 10.8.0.1/24',
      '__proto__ 10.9.0.1/32',
      'wg"x 10.10.0.1/16',
    ]);
  });

  it('are marked if they are temporary', () => {
    const lasting = parseAddresses(OUTPUT).filter(({ device, isLasting }) => {
      return device === 'eth0' && isLasting;
    });
    expect(lasting.map(({ prefix }) => prefix)).toEqual(['192.0.2.5/24', '2001:db8::5/64']);
  });

  it('are those of the system', async () => {
    expect(await listAddresses(signal)).toContainEqual({
      device: 'lo',
      prefix: '127.0.0.1/8',
      isLasting: true,
    });
  });
});

describe("an interface's networks", () => {
  const networks = async () => {
    const known = systemNetworks(async () => parseAddresses(OUTPUT));
    await known.refresh(signal);
    return known;
  };

  it('are those of its own addresses', async () => {
    const { networksOf, networksBeside } = await networks();
    expect(networksOf('constructor')).toEqual(['10.8.0.1/24']);
    expect(networksOf('__proto__')).toEqual(['10.9.0.1/32']);
    expect(networksBeside('constructor')).not.toContain('10.8.0.1/24');
    expect(networksBeside('constructor')).toContain('10.9.0.1/32');
  });

  it.each([...OBJECT_MEMBERS.slice(2), 'gone0', ''])(
    'are none if no interface has the name: %s',
    async (name) => expect((await networks()).networksOf(name)).toEqual([]),
  );

  it('are unknown, and not none, while they cannot be listed', async () => {
    const text = { en: 'Not listed.', zh: '未列出。' };
    const known = systemNetworks(async () => text);
    expect(() => known.networksOf('wg0')).toThrow(/not been read yet/);
    await known.refresh(signal);
    expect(() => known.networksOf('wg0')).toThrow('Not listed.');
    expect(() => known.networksBeside('wg0')).toThrow('Not listed.');
    await expect(known.publicAddress()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('are known again once they can be listed', async () => {
    const listings = [{ en: 'Not listed.', zh: '未列出。' }, parseAddresses(OUTPUT)];
    const known = systemNetworks(async () => listings.shift() ?? []);
    await known.refresh(signal);
    await known.refresh(signal);
    expect(known.networksOf('eth0')).toContain('192.0.2.5/24');
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

  it('are read for IPv6, without unreachable routes', () => {
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
  const addresses = [
    ['docker0', '172.17.0.1/16'],
    ['eth0', '10.0.0.5/24', '203.0.113.9/24', '2001:db8::5/64'],
    ['eth1', '198.51.100.7/24'],
    ['nat', '192.168.1.2/24', 'fd00::2/64'],
    ['cgn', '100.64.3.2/10'],
    ['tunnel', '8.8.8.8/24'],
  ].flatMap(([device = '', ...prefixes]) =>
    prefixes.map((prefix): HostAddress => ({ device, prefix, isLasting: true })),
  );

  it.each([
    ['is that of the default route', [route('eth0', 4)], '203.0.113.9'],
    [
      'is that of the route with the smallest metric',
      [route('eth0', 4, 9), route('eth1', 4, 1)],
      '198.51.100.7',
    ],
    ['is an IPv6 address if there is no other', [route('nat', 4), route('eth0', 6)], '2001:db8::5'],
    ['is none behind a router', [route('nat', 4), route('nat', 6)], null],
    ["is none behind a provider's translation", [route('cgn', 4)], null],
    ['is not that of a bridge', [route('docker0', 4)], null],
    ['is none without a default route', [], null],
    ['is none if the interface of the route has no addresses', [route('gone', 4)], null],
    ['is none if the tunnel has the default route', [route('tunnel', 4)], null],
    [
      'is that of the route beside the tunnel',
      [route('tunnel', 4), route('eth1', 4, 50)],
      '198.51.100.7',
    ],
  ])('%s', (_, routes, address) => {
    expect(publicAddressOf(routes, addresses, ['tunnel'])).toBe(address);
  });

  it.each([
    ['198.18.0.1/16'],
    ['240.0.0.5/24'],
    ['192.0.0.4/29'],
    ['192.88.99.1/24'],
    ['169.254.3.4/16'],
    ['fec0::1/64'],
    ['2002:c000:204::1/48'],
    ['2001::1/32'],
    ['2001:2::1/48'],
    ['64:ff9b::1/96'],
    ['100::1/64'],
    ['4000::1/64'],
    ['::ffff:8.8.8.8/96'],
  ])('is not a reserved one: %s', (prefix) => {
    const family = prefix.includes(':') ? 6 : 4;
    const own = [{ device: 'eth0', prefix, isLasting: true }];
    expect(publicAddressOf([route('eth0', family)], own, [])).toBeNull();
  });

  it.each([['8.8.8.8/32'], ['2a00:1450::1/64'], ['2600::1/64']])('may be %s', (prefix) => {
    const family = prefix.includes(':') ? 6 : 4;
    const own = [{ device: 'eth0', prefix, isLasting: true }];
    expect(publicAddressOf([route('eth0', family)], own, [])).toBe(prefix.split('/')[0]);
  });

  it('is not a temporary one', () => {
    const own = ['2a00::1/64', '2a00::2/64'].map((prefix, index) => {
      return { device: 'eth0', prefix, isLasting: index === 1 };
    });
    expect(publicAddressOf([route('eth0', 6)], own, [])).toBe('2a00::2');
  });
});

import { type AddressRange, addressText, rangeOf } from '../prefix.ts';

/**
 * The next free address of each family that an interface has a network of, as host prefixes; a family
 * whose network is full, or that has none, is left out.
 *
 * @param networks the interface's own addresses with their prefix lengths, such as `10.8.0.1/24`
 * @param taken every prefix that somebody holds already
 */
export function nextFreeAddresses(networks: readonly string[], taken: readonly string[]): string[] {
  const own = networks.map((network) => network.split('/')[0] ?? '');
  const held = [...own, ...taken].map(rangeOf).filter((range) => range !== null);
  const free: string[] = [];
  for (const family of [4, 6] as const) {
    for (const network of networks) {
      const address = nextFree(network, family, held);
      if (address === null) continue;
      free.push(`${addressText(family, address)}/${family === 4 ? 32 : 128}`);
      break;
    }
  }
  return free;
}

function nextFree(network: string, family: 4 | 6, held: readonly AddressRange[]): bigint | null {
  const range = rangeOf(network);
  if (range === null || range.family !== family) return null;
  const isWide = range.last - range.first > 2n;
  // The first address names the network; the last one of IPv4 is its broadcast.
  const first = isWide ? range.first + 1n : range.first;
  const last = isWide && family === 4 ? range.last - 1n : range.last;
  // What covers the whole network, such as a default route, holds none of its addresses.
  const obstacles = held
    .filter((one) => one.family === family && one.last >= first && one.first <= last)
    .filter((one) => !(one.first <= range.first && one.last >= range.last))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  let candidate = first;
  for (const { first: from, last: to } of obstacles) {
    if (candidate < from) break;
    if (to >= candidate) candidate = to + 1n;
  }
  return candidate <= last ? candidate : null;
}

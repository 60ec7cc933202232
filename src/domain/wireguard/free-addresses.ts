import type { Text } from '../errors.ts';
import { type AddressRange, addressText, parseRange } from './prefix.ts';

export interface FreeAddresses {
  /** One of each family that the interface has a network of, as host prefixes. */
  readonly addresses: readonly string[];
  /** Networks of a family without a free address. */
  readonly full: readonly string[];
}

/**
 * The next free address of each family that an interface has a network of.
 *
 * @param networks the interface's own addresses with their prefix lengths, such as `10.8.0.1/24`
 * @param taken every prefix that is already assigned
 */
export function nextFreeAddresses(
  networks: readonly string[],
  taken: readonly string[],
): FreeAddresses {
  const own = networks.map((network) => network.split('/')[0] ?? '');
  const held = [...own, ...taken].map(parseRange).filter((range) => range !== null);
  const addresses: string[] = [];
  const full: string[] = [];
  for (const family of [4, 6] as const) {
    const ofFamily = networks.filter((network) => isNetworkOf(family, network));
    const address = ofFamily
      .map((network) => nextFree(network, family, held))
      .find((one) => one !== null);
    if (address != null)
      addresses.push(`${addressText(family, address)}/${family === 4 ? 32 : 128}`);
    else full.push(...ofFamily);
  }
  return addresses.length > 0 ? { addresses, full } : { addresses, full: networks };
}

/** The error if there is no network. */
export const NO_NETWORK: Text = {
  en: 'The interface has no network to assign an address from; set allowedIps.',
  zh: '接口没有可分配地址的网段；请设置 allowedIps。',
};

/** The error if networks are full. */
export function noFreeAddress(interfaceName: string, full: readonly string[]): Text {
  return {
    en: `${full.join(', ')} of ${interfaceName} has no free address; set allowedIps or enlarge the network.`,
    zh: `${interfaceName} 的网段 ${full.join('、')} 没有空闲地址；请设置 allowedIps 或扩大网段。`,
  };
}

/** A single address is not a network that addresses can be assigned from. */
function isNetworkOf(family: 4 | 6, network: string): boolean {
  const range = parseRange(network);
  return range !== null && range.family === family && range.last > range.first;
}

function nextFree(network: string, family: 4 | 6, held: readonly AddressRange[]): bigint | null {
  const range = parseRange(network);
  if (range === null || range.family !== family) return null;
  const isWide = range.last - range.first > 2n;
  // The first address names the network; the last one of IPv4 is its broadcast.
  const first = isWide ? range.first + 1n : range.first;
  const last = isWide && family === 4 ? range.last - 1n : range.last;
  // A prefix that covers the whole network, such as a default route, occupies none of its addresses.
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

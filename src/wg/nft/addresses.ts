/** Addresses `first` to `last`, both included, of one family. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** The addresses of `address/length`, host bits masked; an address alone is a range of one. */
export function rangeOfPrefix(prefix: string): AddressRange {
  const slash = prefix.indexOf('/');
  const address = slash === -1 ? prefix : prefix.slice(0, slash);
  const family = familyOf(address);
  const value = parseAddress(address);
  const hostBits = slash === -1 ? 0 : BITS[family] - Number(prefix.slice(slash + 1));
  if (hostBits === 0) return { family, first: value, last: value };
  if (!(hostBits > 0 && hostBits <= BITS[family])) throw new RangeError('not a prefix');
  const size = 1n << BigInt(hostBits);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** Takes every form in which `wg` and `nft` print an address, such as `::ffff:10.0.0.1`. */
export function parseAddress(address: string): bigint {
  return familyOf(address) === 4 ? BigInt(parseIPv4(address)) : parseIPv6(address);
}

function parseIPv4(address: string): number {
  let value = 0;
  for (const part of address.split('.')) value = value * 256 + Number(part);
  return value;
}

function parseIPv6(address: string): bigint {
  const gap = address.indexOf('::');
  if (gap === -1) return BigInt(`0x${hexGroups(address)}`);
  const head = hexGroups(address.slice(0, gap));
  const tail = hexGroups(address.slice(gap + 2));
  return BigInt(`0x${head}${tail.padStart(32 - head.length, '0')}`);
}

function hexGroups(groups: string): string {
  if (groups === '') return '';
  let hex = '';
  for (const group of groups.split(':')) {
    const isIPv4 = group.includes('.');
    hex += (isIPv4 ? parseIPv4(group).toString(16) : group).padStart(isIPv4 ? 8 : 4, '0');
  }
  return hex;
}

/** One spelling for each range, which nft reads: `10.0.0.1` or `10.0.0.1-10.0.0.7`. */
export function formatRange({ family, first, last }: AddressRange): string {
  const start = formatAddress(family, first);
  return first === last ? start : `${start}-${formatAddress(family, last)}`;
}

/** IPv6 in full, without `::`: it is read by nft, and compared with itself. */
export function formatAddress(family: 4 | 6, value: bigint): string {
  if (family === 4) {
    const number = Number(value);
    return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
  }
  const hex = value.toString(16).padStart(32, '0');
  let text = hex.slice(0, 4);
  for (let at = 4; at < 32; at += 4) text += `:${hex.slice(at, at + 4)}`;
  return text;
}

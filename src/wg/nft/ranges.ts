import { type AddressRange, parseRange } from '../../domain/wireguard/prefix.ts';

/** Parses a prefix in the output of WireGuard or nft. */
export function knownRange(prefix: string): AddressRange {
  const range = parseRange(prefix);
  if (range === null) throw new RangeError('not a prefix');
  return range;
}

/** Formats a range in one canonical notation: `10.0.0.1` or `10.0.0.1-10.0.0.7`. */
export function formatRange({ family, first, last }: AddressRange): string {
  const start = formatAddress(family, first);
  return first === last ? start : `${start}-${formatAddress(family, last)}`;
}

/** Writes IPv6 addresses in full, without `::`: nft accepts this, and wgql compares only this notation. */
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

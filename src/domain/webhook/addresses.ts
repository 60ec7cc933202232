import ipaddr from 'ipaddr.js';

/** Which receivers are permitted besides public ones: none, those in private networks, or all. */
export const ALLOW_PRIVATE = ['off', 'private', 'all'] as const;
export type AllowPrivate = (typeof ALLOW_PRIVATE)[number];

export type AddressKind = 'public' | 'private' | 'local';

const PRIVATE_RANGES: readonly string[] = ['private', 'uniqueLocal', 'carrierGradeNat'];

/**
 * `private`: in a private network. `local`: this machine, its link, where clouds answer with credentials, or no single
 * host. An address that is not understood is `local`.
 */
export function kindOfAddress(text: string): AddressKind {
  // A zone belongs to a link.
  if (text.includes('%') || !ipaddr.isValid(text)) return 'local';
  const address = innerAddress(ipaddr.parse(text));
  const range = address.range();
  if (range === 'unicast') return 'public';
  return PRIVATE_RANGES.includes(range) ? 'private' : 'local';
}

/** The IPv4 address that a translated, mapped or compatible IPv6 address stands for. */
function innerAddress(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address.kind() === 'ipv4') return address;
  const bytes = address.toByteArray();
  const beginsWith = (...start: number[]) => start.every((byte, index) => bytes[index] === byte);
  const isInner =
    beginsWith(...new Array(12).fill(0)) ||
    beginsWith(...new Array(10).fill(0), 0xff, 0xff) ||
    beginsWith(0x00, 0x64, 0xff, 0x9b);
  if (isInner) return new ipaddr.IPv4(bytes.slice(12));
  // 6to4 has the IPv4 address in its prefix.
  return beginsWith(0x20, 0x02) ? new ipaddr.IPv4(bytes.slice(2, 6)) : address;
}

export function isPermitted(kind: AddressKind, allowed: AllowPrivate): boolean {
  return kind === 'public' || allowed === 'all' || (kind === 'private' && allowed === 'private');
}

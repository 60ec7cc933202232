import ipaddr from 'ipaddr.js';

/** Which receivers are permitted besides public ones: none, those in private networks, or all. */
export const ALLOW_PRIVATE = ['off', 'private', 'all'] as const;
export type AllowPrivate = (typeof ALLOW_PRIVATE)[number];

export type AddressKind = 'public' | 'private' | 'local';

const PRIVATE_RANGES: readonly string[] = ['private', 'uniqueLocal', 'carrierGradeNat'];

/**
 * Where clouds answer with credentials, outside of the link-local ranges that most of them use. Each is named in the
 * manual of its provider.
 */
const METADATA_SERVICES = [
  // Alibaba Cloud, "Instance metadata".
  '100.100.100.200/32',
  // Microsoft Azure, "What is IP address 168.63.129.16?": the wire server.
  '168.63.129.16/32',
  // Oracle Cloud Infrastructure, Classic, "Retrieving instance metadata".
  '192.0.0.192/32',
  // Amazon EC2, "Access instance metadata" (::254), and the other local services of a VPC in the same block.
  'fd00:ec2::/32',
  // Google Compute Engine, "View and query VM metadata" (IPv6-only instances).
  'fd20:ce::254/128',
  // Akamai (Linode), "Metadata service".
  'fd00:a9fe:a9fe::1/128',
  // Oracle Cloud Infrastructure, "Instance metadata service" (IPv6).
  'fd00:c1::a9fe:a9fe/128',
  // Scaleway, "Instance metadata".
  'fd00:42::42/128',
].map((block) => ipaddr.parseCIDR(block));

/**
 * `private`: in a private network. `local`: this machine, its link, where clouds answer with credentials, or no single
 * host. An address that is not understood is `local`.
 */
export function kindOfAddress(text: string): AddressKind {
  // A zone belongs to a link.
  if (text.includes('%') || !ipaddr.isValid(text)) return 'local';
  const address = innerAddress(ipaddr.parse(text));
  if (address === null || isMetadataService(address)) return 'local';
  const range = address.range();
  if (range === 'unicast') return 'public';
  return PRIVATE_RANGES.includes(range) ? 'private' : 'local';
}

function isMetadataService(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return METADATA_SERVICES.some(
    (block) => block[0].kind() === address.kind() && address.match(block),
  );
}

/**
 * The IPv4 address that a translated, mapped or compatible IPv6 address stands for. null: it stands for one, but where
 * it is written depends on the network.
 */
function innerAddress(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (address.kind() === 'ipv4') return address;
  const bytes = address.toByteArray();
  const beginsWith = (...start: number[]) => start.every((byte, index) => bytes[index] === byte);
  const isInner =
    beginsWith(...new Array(12).fill(0)) ||
    beginsWith(...new Array(10).fill(0), 0xff, 0xff) ||
    beginsWith(...TRANSLATED, ...new Array(8).fill(0));
  if (isInner) return new ipaddr.IPv4(bytes.slice(12));
  // Networks choose how they use 64:ff9b:1::/48 (RFC 8215); the rest of the block is not assigned.
  if (beginsWith(...TRANSLATED)) return null;
  // 6to4 has the IPv4 address in its prefix.
  return beginsWith(0x20, 0x02) ? new ipaddr.IPv4(bytes.slice(2, 6)) : address;
}

/** 64:ff9b::/32, of which 64:ff9b::/96 is the prefix that all networks may use (RFC 6052). */
const TRANSLATED = [0x00, 0x64, 0xff, 0x9b] as const;

export function isPermitted(kind: AddressKind, allowed: AllowPrivate): boolean {
  return kind === 'public' || allowed === 'all' || (kind === 'private' && allowed === 'private');
}

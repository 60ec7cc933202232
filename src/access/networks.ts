import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The prefix in its shortest writing, host bits masked; null when it is none. */
export function canonicalNetwork(text: string): string | null {
  const [address = '', length, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const parsed = addressOf(address);
  if (parsed === null) return null;
  const bits = parsed.kind() === 'ipv4' ? 32 : 128;
  const prefixLength = length === undefined ? bits : Number(length);
  if (prefixLength > bits) return null;
  const network =
    parsed.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${parsed}/${prefixLength}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/${prefixLength}`);
  return `${network}/${prefixLength}`;
}

/** Whether an address lies in one of the prefixes; one that cannot be read lies in none. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const parsed = addressOf(address);
  if (parsed === null) return false;
  return networks.some((network) => {
    const [base, length] = ipaddr.parseCIDR(network);
    return base.kind() === parsed.kind() && parsed.match(base, length);
  });
}

/** What counts as one client: an IPv4 address, or the /64 that one IPv6 host commands anyway. */
export function clientOf(address: string): string {
  const parsed = addressOf(address);
  if (parsed === null) return 'unknown';
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/64`).toString();
}

/** An IPv4 address that came through an IPv6 socket is the IPv4 address. */
function addressOf(text: string): Address | null {
  const withoutZone = text.split('%')[0] ?? '';
  const isAddress =
    ipaddr.IPv4.isValidFourPartDecimal(withoutZone) || ipaddr.IPv6.isValid(withoutZone);
  return isAddress ? ipaddr.process(withoutZone) : null;
}

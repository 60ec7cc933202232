import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** The address of the client behind a request. */
export type ClientAddressOf = (request: IncomingMessage) => string;

/**
 * The peer of the connection; where that is a trusted proxy, the nearest address that is not one in
 * what the proxies wrote. What a proxy did not write properly is not believed at all.
 */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddressOf {
  const trusted = networks(trustedProxies);
  return ({ socket, headers }) => {
    const peer = plain(socket.remoteAddress ?? '');
    if (!trusted(peer)) return peer;
    const hops = (headers['x-forwarded-for'] as string | undefined)?.split(',') ?? [];
    const addresses = hops.map((hop) => plain(hop.trim()));
    if (addresses.some((address) => isIP(address) === 0)) return peer;
    return addresses.findLast((address) => !trusted(address)) ?? addresses[0] ?? peer;
  };
}

/** An IPv4 address in an IPv6 socket is written as itself, so that it counts as one with itself. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function networks(list: readonly string[]): (address: string) => boolean {
  const blocks = new BlockList();
  for (const network of list) {
    const [address = '', length] = network.split('/');
    if (length === undefined) blocks.addAddress(address, familyOf(address));
    else blocks.addSubnet(address, Number(length), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && blocks.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

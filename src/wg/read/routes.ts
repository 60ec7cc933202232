import { readFileSync } from 'node:fs';
import { addressText } from '../../domain/wireguard/prefix.ts';
import { orNullIfAbsent } from './system-files.ts';

/** A route of this network namespace, from the tables shown in /proc/net. */
export interface Route {
  readonly device: string;
  readonly family: 4 | 6;
  /** Such as `10.8.0.0/24`; `0.0.0.0/0` and `::/0` are default routes. */
  readonly prefix: string;
  /** The route with the smallest metric applies. */
  readonly metric: number;
}

/** RTF_REJECT: packets of the route are rejected. */
const REJECTS = 0x0200;

/**
 * The routes of both families; none for a family that the system does not have. Throws if they cannot be
 * read.
 */
export function systemRoutes(): Route[] {
  return [
    ...parseIpv4(orNullIfAbsent(() => readFileSync('/proc/net/route', 'utf8')) ?? ''),
    ...parseIpv6(orNullIfAbsent(() => readFileSync('/proc/net/ipv6_route', 'utf8')) ?? ''),
  ];
}

/**
 * /proc/net/route: a header line, then fields in the byte order of the machine, which is little-endian here.
 */
export function parseIpv4(table: string): Route[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [device, destination = '', , flags = '', , , metric, mask = ''] = line
        .trim()
        .split(/\s+/);
      if (device === undefined || !/^[0-9A-F]{8}$/i.test(destination) || isRejected(flags))
        return [];
      const length = ones(Number.parseInt(mask, 16));
      const address = Buffer.from(destination, 'hex').reverse().join('.');
      return [
        { device, family: 4 as const, prefix: `${address}/${length}`, metric: Number(metric) },
      ];
    });
}

/** /proc/net/ipv6_route: destination, its length, source, its length, next hop, metric, …, flags, device. */
export function parseIpv6(table: string): Route[] {
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [destination = '', length = '', , , , metric = ''] = fields;
    const flags = fields.at(-2) ?? '';
    const device = fields.at(-1);
    if (fields.length !== 10 || device === undefined || isRejected(flags)) return [];
    const address = addressText(6, BigInt(`0x${destination}`));
    const prefix = `${address}/${Number.parseInt(length, 16)}`;
    return [{ device, family: 6 as const, prefix, metric: Number.parseInt(metric, 16) }];
  });
}

function isRejected(flags: string): boolean {
  return (Number.parseInt(flags, 16) & REJECTS) !== 0;
}

function ones(mask: number): number {
  return mask
    .toString(2)
    .split('')
    .filter((bit) => bit === '1').length;
}

import type { AddressRange } from '../../domain/wireguard/prefix.ts';
import { knownRange } from './ranges.ts';

/** A prefix in the allowed IPs of a user's peer. */
export interface Claim {
  readonly userId: number;
  readonly prefix: string;
}

/** Addresses whose packets belong to this user. */
export interface OwnedRange extends AddressRange {
  readonly userId: number;
}

/**
 * Splits the prefixes on one interface into ranges that do not overlap, in ascending order, IPv4 first. Every
 * address belongs to the user of the longest prefix that contains it, as in WireGuard; of two equal prefixes
 * the later counts, as the later `wg set` does. Adjacent ranges of a user are merged.
 *
 * nftables refuses overlapping intervals in a map, and with them the whole transaction.
 */
export function disjoint(claims: readonly Claim[]): OwnedRange[] {
  const sorted = claims.map(({ userId, prefix }) => ({ userId, ...knownRange(prefix) }));
  sorted.sort(widerFirst);
  const ranges: OwnedRange[] = [];
  /** The prefixes around the current address, the longest last: prefixes are either nested or disjoint. */
  const around: OwnedRange[] = [];
  let next = 0n;
  const closeUntil = (before: OwnedRange | null) => {
    for (let top = around.at(-1); top !== undefined; top = around.at(-1)) {
      if (before !== null && top.family === before.family && top.last >= before.first) return;
      append(ranges, { ...top, first: next });
      next = top.last + 1n;
      around.pop();
    }
  };
  for (const claim of sorted) {
    closeUntil(claim);
    const outer = around.at(-1);
    if (outer !== undefined) append(ranges, { ...outer, first: next, last: claim.first - 1n });
    around.push(claim);
    next = claim.first;
  }
  closeUntil(null);
  return ranges;
}

/** By family, then by first address, a prefix before those inside it; equal ones keep their order. */
function widerFirst(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  if (a.last !== b.last) return a.last > b.last ? -1 : 1;
  return 0;
}

function append(ranges: OwnedRange[], range: OwnedRange): void {
  if (range.last < range.first) return;
  const previous = ranges.at(-1);
  const continues =
    previous !== undefined &&
    previous.userId === range.userId &&
    previous.family === range.family &&
    previous.last + 1n === range.first;
  if (continues) ranges[ranges.length - 1] = { ...previous, last: range.last };
  else ranges.push(range);
}

import { createHash } from 'node:crypto';
import type { Unusable } from './diff.ts';
import type { TableContents } from './layout.ts';
import { parseListing } from './listing.ts';

/** How long a table that differs from the written one is left unchanged: a minute of polls. */
export const CALLS_BEFORE_RETRY = 30;

const OBJECTS_PER_CALL = 2000;

/**
 * Listing costs about 30 µs of CPU per object (1 000 limited users: 60 ms). Skipping calls keeps a poll every
 * 2 s at about 3 % of one core for any number of users. In return, damage to the rules of 10 000 users is
 * repaired, and a quota that is used up too soon is refilled, within 20 s instead of 2.
 */
export function callsBetweenLooks(present: TableContents | Unusable | null): number {
  if (present === null || present === 'unusable') return 0;
  return Math.max(0, Math.ceil((present.limits.size + present.quotas.size) / OBJECTS_PER_CALL) - 1);
}

export function contentsOf(listing: string | null): TableContents | Unusable | null {
  return listing === null ? null : (parseListing(listing) ?? 'unusable');
}

/**
 * Equal for equal tables; the counters of quotas are left out, because nft's -s does not omit them in JSON.
 */
export function listingDigest(listing: string | null): string | null {
  if (listing === null) return null;
  return createHash('sha256')
    .update(listing.replace(/"used": \d+/g, ''))
    .digest('base64');
}

import type { QuotaBackstop } from './desired.ts';
import { quotaName, userOfObject } from './names.ts';

/**
 * The quota objects that let nothing pass any more though something is left of their quotas. What is
 * sent to a client is counted before the interface's queue, which drops what comes too fast: an object
 * can be used up long before WireGuard has sent that much.
 */
export function spentTooSoon(
  listing: string | null,
  quotas: readonly QuotaBackstop[],
): ReadonlySet<string> {
  const spent = new Map(usedUp(listing ?? '').map((name) => [userOfObject(name), name]));
  if (spent.size === 0) return new Set();
  const unbooked = new Set(quotas.flatMap(({ userId, isBooked }) => (isBooked ? [] : [userId])));
  const names = quotas.flatMap(({ userId, bytesLeft, seed }) => {
    const name = spent.get(userId);
    const isTooSoon = bytesLeft > 0n && !unbooked.has(userId);
    return isTooSoon && name === quotaName(userId, seed) ? [name] : [];
  });
  return new Set(names);
}

/** Looks for the objects alone: a listing of 10 000 users has 10 MB, and most looks find nothing. */
function usedUp(listing: string): string[] {
  return [...listing.matchAll(/"quota":\s*(\{[^{}]*\})/g)].flatMap(([, text = '']) => {
    const { name, bytes, used } = JSON.parse(text) as { name: string; bytes: number; used: number };
    return used >= bytes ? [name] : [];
  });
}

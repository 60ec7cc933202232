import type { QuotaBackstop } from './desired.ts';
import { quotaName, userOfObject } from './names.ts';

/**
 * The quota objects that drop everything although some of their quota is left. Packets to a client are
 * counted before the interface's queue, which drops packets that arrive too fast, so an object can be used up
 * long before WireGuard has sent that many bytes.
 */
export function spentTooSoon(
  listing: string | null,
  quotas: readonly QuotaBackstop[],
): ReadonlySet<string> {
  const spent = new Map(usedUp(listing ?? '').map((name) => [userOfObject(name), name]));
  if (spent.size === 0) return new Set();
  const unbooked = new Set(quotas.flatMap(({ userId, isBooked }) => (isBooked ? [] : [userId])));
  // The first of a user counts, as in the table: else an object could be refilled with nothing for ever.
  const ofUser = new Map([...quotas].reverse().map((quota) => [quota.userId, quota]));
  const names = [...ofUser.values()].flatMap(({ userId, bytesLeft, seed }) => {
    const name = spent.get(userId);
    const isTooSoon = bytesLeft > 0n && !unbooked.has(userId);
    return isTooSoon && name === quotaName(userId, seed) ? [name] : [];
  });
  return new Set(names);
}

/** Lists only the objects: a full listing of 10 000 users has 10 MB, and most calls find nothing. */
function usedUp(listing: string): string[] {
  return [...listing.matchAll(/"quota":\s*(\{[^{}]*\})/g)].flatMap(([, text = '']) => {
    const { name, bytes, used } = JSON.parse(text) as { name: string; bytes: number; used: number };
    return used >= bytes ? [name] : [];
  });
}

import type { Text } from '../errors.ts';
import type { NetworksOf } from './networks.ts';
import type { PeerPolicy } from './policy.ts';
import type { PolicyReport } from './policy-store.ts';
import { isWithin } from './prefix.ts';

/** What to keep of a user's peer after acting on it; nothing when nothing is new. */
export function reportOf(
  policy: PeerPolicy,
  failures: ReadonlyMap<number, Text>,
  configuredIds: ReadonlySet<number>,
  limitedIds: ReadonlySet<number>,
  networksOf: NetworksOf,
): PolicyReport[] {
  const { userId, bandwidthBytesPerSecond } = policy;
  const failure = failures.get(userId) ?? null;
  const error = failure ?? routeHint(policy, networksOf);
  const configured = configuredIds.has(userId);
  const limited = failure === null && limitedIds.has(userId) && bandwidthBytesPerSecond > 0n;
  const hasChanged = error?.en !== policy.error?.en;
  if (!hasChanged && !limited && !(configured && policy.configPending)) return [];
  return [{ userId, error, isFailure: hasChanged && failure !== null, configured, limited }];
}

/** Routes are the operator's: a prefix outside the interface's networks needs one. */
function routeHint(policy: PeerPolicy, networksOf: NetworksOf): Text | null {
  if (!policy.managed || policy.interface === null || policy.allowedIps === null) return null;
  const networks = networksOf(policy.interface);
  if (networks.length === 0) return null;
  const outside = policy.allowedIps.filter((prefix) => !isWithin(prefix, networks));
  if (outside.length === 0) return null;
  const list = outside.join(', ');
  return {
    en: `${list} lies outside the networks of ${policy.interface}; add a route (ip route add ${outside[0]} dev ${policy.interface}).`,
    zh: `${list} 不在 ${policy.interface} 的网段内；请添加路由（ip route add ${outside[0]} dev ${policy.interface}）。`,
  };
}

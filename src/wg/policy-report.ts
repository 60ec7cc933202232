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
  hintOf: (policy: PeerPolicy) => Text | null,
): PolicyReport[] {
  const { userId, bandwidthBytesPerSecond } = policy;
  const failure = failures.get(userId) ?? null;
  const error = failure ?? hintOf(policy);
  const configured = configuredIds.has(userId);
  const limited = failure === null && limitedIds.has(userId) && bandwidthBytesPerSecond > 0n;
  const hasChanged = error?.en !== policy.error?.en;
  if (!hasChanged && !limited && !(configured && policy.configPending)) return [];
  const { declaration } = policy;
  return [
    {
      userId,
      declaration,
      error,
      isNewFailure: hasChanged && failure !== null,
      configured,
      limited,
    },
  ];
}

/** What an interface's networks are is asked once; every user of it is compared with the answer. */
export function routeHints(networksOf: NetworksOf): (policy: PeerPolicy) => Text | null {
  const known = new Map<string, readonly string[]>();
  return (policy) => {
    const { interface: home, allowedIps } = policy;
    if (!policy.managed || home === null || allowedIps === null) return null;
    const networks = known.get(home) ?? networksOf(home);
    known.set(home, networks);
    return networks.length === 0 ? null : routeHint(home, allowedIps, networks);
  };
}

/** Routes are the operator's: a prefix outside the interface's networks needs one. */
function routeHint(
  home: string,
  allowedIps: readonly string[],
  networks: readonly string[],
): Text | null {
  const outside = allowedIps.filter((prefix) => !isWithin(prefix, networks));
  if (outside.length === 0) return null;
  const list = outside.join(', ');
  return {
    en: `${list} lies outside the networks of ${home}; add a route (ip route add ${outside[0]} dev ${home}).`,
    zh: `${list} 不在 ${home} 的网段内；请添加路由（ip route add ${outside[0]} dev ${home}）。`,
  };
}

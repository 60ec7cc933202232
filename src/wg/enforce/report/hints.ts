import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { Text } from '../../../domain/errors.ts';
import { isWithin, overlap } from '../../../domain/wireguard/prefix.ts';
import { type HostNetworks, orUnknown } from '../../host-networks.ts';

export interface HintContext {
  readonly hostNetworks: Pick<HostNetworks, 'networksOf' | 'routesOf' | 'networksBeside'>;
  /** Interfaces that the settings name, there or not; empty is all. */
  readonly watched: readonly string[];
  /** Interfaces that were read, by name. */
  readonly reads: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Interfaces that exist and could not be read. */
  readonly unknown: ReadonlySet<string>;
  /** What interfaces held when they answered last. */
  readonly lastReads: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Whether WGQL_INTERFACES names an interface, or names none. */
  readonly isWatched: (interfaceName: string) => boolean;
}

/** What an operator has to do so that a configuration acts, though nothing has failed; null is nothing. */
export function hints(context: HintContext): (policy: PeerPolicy) => Text | null {
  // What an interface's networks are is asked once; every user of it is compared with the answer.
  const known = new Map<string, Surroundings | null>();
  const around = (name: string) => {
    const { networksOf, routesOf, networksBeside } = context.hostNetworks;
    const before = known.get(name);
    if (before !== undefined) return before;
    const surroundings = orUnknown(() => ({
      own: networksOf(name),
      routed: routesOf(name),
      beside: networksBeside(name),
    }));
    known.set(name, surroundings);
    return surroundings;
  };
  return (policy) => {
    const { interface: assigned, allowedIps, managed, missing, cutReason } = policy;
    const unwatched = unwatchedPlace(policy, context);
    if (unwatched !== undefined) return unwatchedHint(unwatched);
    if (!managed || missing || cutReason !== null) return null;
    if (assigned === null) return homeHint(context);
    if (!context.reads.has(assigned) && !context.unknown.has(assigned))
      return absenceHint(assigned);
    return allowedIps === null ? null : routeHint(assigned, allowedIps, around(assigned));
  };
}

/** Where the peer may be and nobody looks. */
function unwatchedPlace(
  { interface: assigned, publicKey }: PeerPolicy,
  { lastReads, isWatched }: HintContext,
): string | undefined {
  if (assigned !== null && !isWatched(assigned)) return assigned;
  return [...lastReads].find(([name, peers]) => !isWatched(name) && peers.has(publicKey))?.[0];
}

function unwatchedHint(name: string): Text {
  return {
    en: `${name} is not among the interfaces of WGQL_INTERFACES, so it is not known whether the peer is there, and nothing is done there, while limits that are in nftables stay; add it and start wgql anew.`,
    zh: `WGQL_INTERFACES 未包含接口 ${name}，因此不知道该对等节点是否在其上，也不会在其上执行任何操作，而 nftables 中已有的限制会保留；请将其加入并重启 wgql。`,
  };
}

function homeHint({ reads, unknown, watched }: HintContext): Text | null {
  const all = [...new Set([...reads.keys(), ...unknown, ...watched])].sort();
  if (all.length < 2) return null;
  const names = all.join(', ');
  return {
    en: `There are several interfaces (${names}); set interface to say where the peer belongs.`,
    zh: `有多个接口（${names}）；请设置 interface 指定该对等节点所属的接口。`,
  };
}

function absenceHint(assigned: string): Text {
  return {
    en: `There is no interface ${assigned} among those watched; the peer is put on it as soon as there is.`,
    zh: `被监控的接口中没有 ${assigned}；出现后会立即将对等节点添加上去。`,
  };
}

/** What an interface's network has around it, as prefixes. */
interface Surroundings {
  readonly own: readonly string[];
  readonly routed: readonly string[];
  /** Addresses of the other interfaces. */
  readonly beside: readonly string[];
}

/**
 * Routes are the operator's: a prefix outside the interface's networks needs one. No route is advised that
 * would take the server's own networks, or all there is, into the tunnel: it would cut the server off. Where
 * the networks are not known, none is advised.
 */
function routeHint(
  assigned: string,
  allowedIps: readonly string[],
  surroundings: Surroundings | null,
): Text | null {
  if (surroundings === null || surroundings.own.length === 0) return null;
  const { own, routed, beside } = surroundings;
  const needed = allowedIps.filter(
    (prefix) => !prefix.endsWith('/0') && !isWithin(prefix, [...own, ...routed]),
  );
  const clashing = needed.find((prefix) => beside.some((other) => overlap(prefix, other)));
  if (clashing !== undefined) return clashHint(assigned, clashing);
  if (needed.length === 0) return null;
  const list = needed.join(', ');
  return {
    en: `${list} lies outside the networks of ${assigned}; add a route (ip route add ${needed[0]} dev ${assigned}).`,
    zh: `${list} 不在 ${assigned} 的网段内；请添加路由（ip route add ${needed[0]} dev ${assigned}）。`,
  };
}

function clashHint(assigned: string, prefix: string): Text {
  return {
    en: `${prefix} overlaps a network of another interface of this server, so no packet for it goes to ${assigned}; give the user other allowed IPs.`,
    zh: `${prefix} 与本服务器其他接口的网段重叠，发往它的数据包不会进入 ${assigned}；请为该用户设置其他允许的 IP。`,
  };
}

import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { Text } from '../../../domain/errors.ts';
import { isWithin, overlap } from '../../../domain/wireguard/prefix.ts';
import { type HostNetworks, orUnknown } from '../../host-networks.ts';

export interface HintContext {
  readonly hostNetworks: Pick<HostNetworks, 'networksOf' | 'routesOf' | 'networksBeside'>;
  /** Interfaces named in the settings, whether they exist or not; empty means all. */
  readonly watched: readonly string[];
  /** Interfaces that were read, by name. */
  readonly reads: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Interfaces that exist and could not be read. */
  readonly unknown: ReadonlySet<string>;
  /** The peers of each interface at its last good read. */
  readonly lastReads: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Whether WGQL_INTERFACES names this interface, or is empty. */
  readonly isWatched: (interfaceName: string) => boolean;
}

/**
 * What an operator must do so that a configuration takes effect although nothing has failed; null if nothing.
 */
export function hints(context: HintContext): (policy: PeerPolicy) => Text | null {
  // The networks of an interface are read once and compared with every user of it.
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

/** The peer may be on an interface that is not monitored. */
function unwatchedPlace(
  { interface: assigned, publicKey }: PeerPolicy,
  { lastReads, isWatched }: HintContext,
): string | undefined {
  if (assigned !== null && !isWatched(assigned)) return assigned;
  return [...lastReads].find(([name, peers]) => !isWatched(name) && peers.has(publicKey))?.[0];
}

function unwatchedHint(name: string): Text {
  return {
    en: `${name} is not listed in WGQL_INTERFACES, so it is not known whether the peer is on it; wgql does nothing there, and limits that are in nftables stay. Add it to WGQL_INTERFACES and restart wgql.`,
    zh: `WGQL_INTERFACES 未包含接口 ${name}，因此无法确定该对等节点是否在其上；wgql 不会对该接口执行任何操作，nftables 中已有的限制会保留。请将其加入 WGQL_INTERFACES 并重启 wgql。`,
  };
}

function homeHint({ reads, unknown, watched }: HintContext): Text | null {
  const all = [...new Set([...reads.keys(), ...unknown, ...watched])].sort();
  if (all.length < 2) return null;
  const names = all.join(', ');
  return {
    en: `There are several interfaces (${names}); set interface to the one that the peer belongs to.`,
    zh: `有多个接口（${names}）；请设置 interface，指定该对等节点所属的接口。`,
  };
}

function absenceHint(assigned: string): Text {
  return {
    en: `There is no interface ${assigned} among the monitored interfaces; the peer is added as soon as it exists.`,
    zh: `被监控的接口中没有 ${assigned}；该接口出现后会立即添加对等节点。`,
  };
}

/** The networks around an interface, as prefixes. */
interface Surroundings {
  readonly own: readonly string[];
  readonly routed: readonly string[];
  /** Addresses of the other interfaces. */
  readonly beside: readonly string[];
}

/**
 * Routes are set by the operator: a prefix outside the interface's networks needs one. No route is suggested
 * that would send the server's own networks, or all traffic, into the tunnel, because that would disconnect
 * the server. If the networks are not known, no route is suggested.
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
    en: `${list} is outside the networks of ${assigned}; add a route (ip route add ${needed[0]} dev ${assigned}).`,
    zh: `${list} 不在 ${assigned} 的网段内；请添加路由（ip route add ${needed[0]} dev ${assigned}）。`,
  };
}

function clashHint(assigned: string, prefix: string): Text {
  return {
    en: `${prefix} overlaps a network of another interface of this server, so packets to it are not sent to ${assigned}; set other allowed IPs for the user.`,
    zh: `${prefix} 与本服务器其他接口的网段重叠，因此发往它的数据包不会进入 ${assigned}；请为该用户设置其他允许的 IP。`,
  };
}

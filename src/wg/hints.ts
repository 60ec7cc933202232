import type { Text } from '../errors.ts';
import { isWithin } from '../prefix.ts';
import type { NetworksOf } from './networks.ts';
import type { PeerPolicy } from './policy.ts';

export interface HintContext {
  readonly networksOf: NetworksOf;
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

/** What an operator has to do so that a declaration acts, though nothing has failed; null is nothing. */
export function hints(context: HintContext): (policy: PeerPolicy) => Text | null {
  // What an interface's networks are is asked once; every user of it is compared with the answer.
  const known = new Map<string, readonly string[]>();
  const networksOf = (name: string) => {
    const networks = known.get(name) ?? context.networksOf(name);
    known.set(name, networks);
    return networks;
  };
  return (policy) => {
    const { interface: home, allowedIps, managed, missing, cutReason } = policy;
    const unwatched = unwatchedPlace(policy, context);
    if (unwatched !== undefined) return unwatchedHint(unwatched);
    if (!managed || missing || cutReason !== null) return null;
    if (home === null) return homeHint(context);
    if (!context.reads.has(home) && !context.unknown.has(home)) return absenceHint(home);
    return allowedIps === null ? null : routeHint(home, allowedIps, networksOf(home));
  };
}

/** Where the peer may be and nobody looks. */
function unwatchedPlace(
  { interface: home, publicKey }: PeerPolicy,
  { lastReads, isWatched }: HintContext,
): string | undefined {
  if (home !== null && !isWatched(home)) return home;
  return [...lastReads].find(([name, peers]) => !isWatched(name) && peers.has(publicKey))?.[0];
}

function unwatchedHint(name: string): Text {
  return {
    en: `${name} is not among the interfaces of WGQL_INTERFACES, so it is not known whether the peer is there, and nothing is done there, while limits that are in nftables stay; add it and start wgql anew.`,
    zh: `WGQL_INTERFACES 未包含接口 ${name}，因此不知道该对端是否在其上，也不会在其上执行任何操作，而 nftables 中已有的限制会保留；请将其加入并重启 wgql。`,
  };
}

function homeHint({ reads, unknown, watched }: HintContext): Text | null {
  const all = [...new Set([...reads.keys(), ...unknown, ...watched])].sort();
  if (all.length < 2) return null;
  const names = all.join(', ');
  return {
    en: `There are several interfaces (${names}); set interface to say where the peer belongs.`,
    zh: `有多个接口（${names}）；请设置 interface 指定该对端所属的接口。`,
  };
}

function absenceHint(home: string): Text {
  return {
    en: `There is no interface ${home} among those watched; the peer is put on it as soon as there is.`,
    zh: `被监控的接口中没有 ${home}；出现后会立即将对端添加上去。`,
  };
}

/** Routes are the operator's: a prefix outside the interface's networks needs one. */
function routeHint(
  home: string,
  allowedIps: readonly string[],
  networks: readonly string[],
): Text | null {
  if (networks.length === 0) return null;
  const outside = allowedIps.filter((prefix) => !isWithin(prefix, networks));
  if (outside.length === 0) return null;
  const list = outside.join(', ');
  return {
    en: `${list} lies outside the networks of ${home}; add a route (ip route add ${outside[0]} dev ${home}).`,
    zh: `${list} 不在 ${home} 的网段内；请添加路由（ip route add ${outside[0]} dev ${home}）。`,
  };
}

import { cutReasonOf, type PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { Text } from '../../../domain/errors.ts';
import type { Observed } from '../observed.ts';

/** The message to the operator about peers that others removed, or null. */
export function missingNotice(policies: readonly PeerPolicy[], changed: Changed): Text | null {
  const count = policies.filter(({ userId, missing }) => changed.get(userId) ?? missing).length;
  if (count === 0) return null;
  return {
    en: `${count} managed ${count === 1 ? 'user is' : 'users are'} MISSING: the peers were removed from WireGuard by another program or person; enable the users again to restore them.`,
    zh: `${count} 个受管用户处于 MISSING 状态：其对等节点被其他程序或人员从 WireGuard 移除；重新启用这些用户即可恢复。`,
  };
}

/** Whether a user is missing from now on, by id. */
type Changed = ReadonlyMap<number, boolean | undefined>;

/** The same for WGQL_MANAGE=off. */
export function absentNotice(
  policies: readonly PeerPolicy[],
  { nowMs, reads }: Pick<Observed, 'nowMs' | 'reads'>,
): Text | null {
  const count = policies.filter((policy) => {
    const { managed, interface: assigned, publicKey } = policy;
    const peers = assigned === null ? undefined : reads.get(assigned);
    const isAbsent = managed && peers !== undefined && !peers.has(publicKey);
    return isAbsent && cutReasonOf(policy, nowMs) === null;
  }).length;
  if (count === 0) return null;
  return {
    en: `${count} managed ${count === 1 ? 'user has' : 'users have'} no peer on the assigned interface, and WGQL_MANAGE=off does not restore them; start wgql with WGQL_MANAGE=on.`,
    zh: `${count} 个受管用户的对等节点不在其所属接口上，而 WGQL_MANAGE=off 不会恢复它们；请以 WGQL_MANAGE=on 启动 wgql。`,
  };
}

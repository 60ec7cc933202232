import type { Text } from '../../../domain/errors.ts';
import type { Observed } from '../observed.ts';
import type { KeyStep } from '../peers/remove-peers.ts';

const HOUR_MS = 3_600_000;

/** How long `status` reports a deleted key that came back, unless the interface is started without it. */
const NAMED_FOR_MS = 24 * HOUR_MS;

/** Peers of deleted users that are on an interface again. */
export interface DeletedPeers {
  /** Peers that still carry traffic and must be removed. */
  readonly clearings: readonly KeyStep[];
  /** Peers whose last bytes are booked. */
  readonly removals: readonly KeyStep[];
  /** The message to the operator, or null. */
  readonly notice: Text | null;
}

interface Return {
  readonly atMs: number;
  readonly generation: string;
}

/**
 * Finds the peers of deleted users, which a configuration file may add again at each start of its interface.
 * The function remembers them: a key is removed within one poll, but the operator must learn of the
 * configuration file for longer than that.
 */
export function deletedPeers(): (
  deletedKeys: ReadonlySet<string>,
  observed: Pick<Observed, 'nowMs' | 'reads' | 'generations'>,
) => DeletedPeers {
  /** By interface and public key. */
  const returns = new Map<string, Map<string, Return>>();
  return (deletedKeys, { nowMs, reads, generations }) => {
    const clearings: KeyStep[] = [];
    const removals: KeyStep[] = [];
    for (const [name, peers] of reads) {
      const generation = JSON.stringify(generations.get(name));
      const isOver = (publicKey: string, last: Return) =>
        nowMs - last.atMs > NAMED_FOR_MS ||
        last.generation !== generation ||
        !deletedKeys.has(publicKey);
      const known = new Map(
        [...(returns.get(name) ?? [])].filter(([publicKey, last]) => !isOver(publicKey, last)),
      );
      returns.set(name, known);
      for (const publicKey of deletedKeys) {
        const peer = peers.get(publicKey);
        if (peer === undefined) continue;
        const step = { interface: name, publicKey };
        (peer.allowedIps.length === 0 ? removals : clearings).push(step);
        known.set(publicKey, { atMs: nowMs, generation });
      }
    }
    return { clearings, removals, notice: noticeOf(returns) };
  };
}

function noticeOf(returns: ReadonlyMap<string, ReadonlyMap<string, Return>>): Text | null {
  for (const [name, known] of returns) {
    const [publicKey] = known.keys();
    if (publicKey !== undefined) return cameBack(name, publicKey, known.size);
  }
  return null;
}

function cameBack(name: string, publicKey: string, count: number): Text {
  const [others, otherKeys] =
    count > 1 ? [` and ${count - 1} more`, ` 等 ${count} 个密钥`] : ['', ''];
  return {
    en: `A deleted user's key was added to ${name} again (${publicKey}${others}), so wgql removes it again; delete the peer from the configuration file of ${name}.`,
    zh: `已删除用户的密钥又被添加到 ${name}（${publicKey}${otherKeys}），因此 wgql 会再次移除它；请从 ${name} 的配置文件中删除该对等节点。`,
  };
}

/** The same for WGQL_MANAGE=off. */
export function leftInPlace(deleted: DeletedPeers): Text | null {
  const [step] = [...deleted.clearings, ...deleted.removals];
  if (step === undefined) return null;
  const { interface: name, publicKey } = step;
  return {
    en: `A deleted user's key is on ${name} again (${publicKey}), and WGQL_MANAGE=off does not remove it; delete the peer from the configuration file of ${name} and remove it from the interface.`,
    zh: `已删除用户的密钥又出现在 ${name} 上（${publicKey}），而 WGQL_MANAGE=off 不会移除它；请从 ${name} 的配置文件中删除该对等节点，并将其从接口移除。`,
  };
}

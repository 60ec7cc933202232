import type { PeerStep } from '../../../domain/enforcement/plan.ts';
import type { Text } from '../../../domain/errors.ts';
import { addFailure, type Failures } from '../failures.ts';

/** The writes to interfaces that no read has confirmed yet. */
export interface UnverifiedWrites {
  /** Called when these interfaces were read: earlier writes to them are now visible, or have failed. */
  onRead(names: Iterable<string>): void;
  /** Peers that were written since their interface was read last, by public key. */
  unread(): ReadonlySet<string>;
  /**
   * The steps to try. A step that was written just before the last read and is still due is left out: it
   * waits for the next poll, and its user has an error until it has worked.
   */
  worthwhile(steps: readonly PeerStep[], failures: Failures): PeerStep[];
  done(steps: readonly PeerStep[]): void;
}

/** The revision of each peer, by interface and public key. */
type Revisions = Map<string, Map<string, number>>;

export function unverifiedWrites(): UnverifiedWrites {
  const sinceLastRead: Revisions = new Map();
  const beforeLastRead: Revisions = new Map();
  let failed: Revisions = new Map();

  const isIn = (writes: Revisions, { interface: name, policy }: PeerStep) =>
    writes.get(name)?.get(policy.publicKey) === policy.revision;
  const add = (writes: Revisions, { interface: name, policy }: PeerStep) => {
    writes.set(name, (writes.get(name) ?? new Map()).set(policy.publicKey, policy.revision));
  };

  return {
    onRead: (names) => {
      for (const name of names) {
        beforeLastRead.set(name, sinceLastRead.get(name) ?? new Map());
        sinceLastRead.delete(name);
      }
    },
    unread: () => new Set([...sinceLastRead.values()].flatMap((writes) => [...writes.keys()])),
    worthwhile: (steps, failures) => {
      const stillFailed: Revisions = new Map();
      for (const step of steps) {
        if (!isIn(beforeLastRead, step) && !isIn(failed, step)) continue;
        add(stillFailed, step);
        addFailure(failures, step.policy.userId, notShown(step.interface));
      }
      failed = stillFailed;
      return steps.filter((step) => !isIn(beforeLastRead, step));
    },
    done: (steps) => {
      for (const step of steps) add(sinceLastRead, step);
    },
  };
}

function notShown(name: string): Text {
  return {
    en: `WireGuard accepted the peer but does not show it as declared; run "wg show ${name}" on the server to see its actual state.`,
    zh: `WireGuard 接受了该对等节点，但显示的配置与声明不符；请在服务器上运行 "wg show ${name}" 查看实际情况。`,
  };
}

import type { PeerStep } from '../../../domain/enforcement/plan.ts';
import type { Text } from '../../../domain/errors.ts';
import { addFailure, type Failures } from '../failures.ts';

/** What the program puts on interfaces, until a read shows that it is there. */
export interface OwnPuts {
  /** These interfaces were read; what was put on them before is there now, or is not. */
  onRead(names: Iterable<string>): void;
  /** Peers that were put since their interface was read last, by public key. */
  unread(): ReadonlySet<string>;
  /**
   * Which of these steps are worth a try. One that was done just before the last read and is still to be
   * done is not: it waits for the next poll, and its user hears of it until it has worked.
   */
  worthwhile(steps: readonly PeerStep[], failures: Failures): PeerStep[];
  done(steps: readonly PeerStep[]): void;
}

type Puts = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function ownPuts(): OwnPuts {
  /** Which declaration was put, by interface and public key: since the last read, and just before it. */
  const unread = new Map<string, Map<string, number>>();
  const justRead = new Map<string, ReadonlyMap<string, number>>();
  let vain: Puts = new Map();

  const isIn = (puts: Puts, { interface: name, policy }: PeerStep) =>
    puts.get(name)?.get(policy.publicKey) === policy.declaration;
  const add = (puts: Map<string, Map<string, number>>, { interface: name, policy }: PeerStep) => {
    puts.set(name, (puts.get(name) ?? new Map()).set(policy.publicKey, policy.declaration));
  };

  return {
    onRead: (names) => {
      for (const name of names) {
        justRead.set(name, unread.get(name) ?? new Map());
        unread.delete(name);
      }
    },
    unread: () => new Set([...unread.values()].flatMap((puts) => [...puts.keys()])),
    worthwhile: (steps, failures) => {
      const failed = steps.filter((step) => isIn(justRead, step) || isIn(vain, step));
      const stillVain: typeof unread = new Map();
      for (const step of failed) {
        add(stillVain, step);
        addFailure(failures, step.policy.userId, notShown(step.interface));
      }
      vain = stillVain;
      return steps.filter((step) => !isIn(justRead, step));
    },
    done: (steps) => {
      for (const step of steps) add(unread, step);
    },
  };
}

function notShown(name: string): Text {
  return {
    en: `WireGuard accepted the peer and does not show it as declared; run "wg show ${name}" on the server to see what is there.`,
    zh: `WireGuard 接受了该对端，但显示的与声明不符；请在服务器上运行 "wg show ${name}" 查看实际情况。`,
  };
}

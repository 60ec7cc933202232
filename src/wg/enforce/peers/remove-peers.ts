import type { PeerStep } from '../../../domain/enforcement/plan.ts';
import type { PeerCommands } from '../../command/peers.ts';
import { addFailure, type Failures } from '../failures.ts';
import { byInterface } from './by-interface.ts';
import { together } from './together.ts';

/** A peer whose allowed IPs are to be cleared, or that is to be removed. */
export interface KeyStep {
  readonly interface: string;
  readonly publicKey: string;
  /** Absent: the peer belongs to no user. */
  readonly userId?: number;
}

export function keyStep({ interface: name, policy }: PeerStep): KeyStep {
  return { interface: name, publicKey: policy.publicKey, userId: policy.userId };
}

/**
 * Clears the allowed IPs of peers or removes them; the interfaces do not wait for each other. Returns whether
 * any command was accepted.
 */
export async function removePeers(
  how: PeerCommands['clearAllowedIps' | 'remove'],
  steps: readonly KeyStep[],
  failures: Failures,
  signal: AbortSignal,
): Promise<boolean> {
  const taken = await Promise.all(
    [...byInterface(steps)].map(async ([name, own]) => {
      const keysOf = (some: readonly KeyStep[]) => some.map(({ publicKey }) => publicKey);
      const done = await together(
        own,
        (some) => how(name, keysOf(some), signal),
        ({ userId }, refusal) => {
          if (userId !== undefined) addFailure(failures, userId, refusal);
        },
      );
      return done.length > 0;
    }),
  );
  return taken.includes(true);
}

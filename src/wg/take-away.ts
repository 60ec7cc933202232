import { attempt } from './attempt.ts';
import { byInterface } from './by-interface.ts';
import { addFailure, type Failures } from './failures.ts';
import type { PeerCommands } from './peer-commands.ts';
import type { PeerStep } from './plan-types.ts';

/**
 * Silences peers or takes them off, those of one interface with one command. Answers whether any
 * command was taken.
 */
export async function takeAway(
  how: PeerCommands['silence' | 'remove'],
  removals: readonly PeerStep[],
  failures: Failures,
  signal: AbortSignal,
): Promise<boolean> {
  let isTaken = false;
  for (const [name, steps] of byInterface(removals)) {
    const keys = steps.map(({ policy }) => policy.publicKey);
    await attempt(
      async () => {
        await how(name, keys, signal);
        isTaken = true;
      },
      (text) => {
        for (const { policy } of steps) addFailure(failures, policy.userId, text);
      },
    );
  }
  return isTaken;
}

import type { PeerPolicy } from '../../../domain/enforcement/policy.ts';
import type { Text } from '../../../domain/errors.ts';
import { canQuote, NO_NAME_FOR_NFT } from '../../nft/names.ts';
import type { NftTable, WantedControl } from '../../nft/table.ts';
import { catchAppError } from '../catch-app-error.ts';
import { addFailure, type Failures } from '../failures.ts';
import { desiredLimits } from './desired-limits.ts';
import type { LimitablePeers } from './limited-peers.ts';

/** The poll does not wait longer than this for nft: peers must be removed meanwhile. */
const PATIENCE_MS = 500;

/** The state of nftables, as far as it is known. */
export interface Limited {
  /** The users whose bandwidth limit came into force since the last call. */
  readonly limitedIds: ReadonlySet<number>;
  /** The current problem of all limits, or null. */
  readonly problem: Text | null;
  /** Resolves when nft has ended; null while it does not run. */
  readonly running: Promise<void> | null;
  /** Peers with limits may be added: nft has applied the limits, or has failed to. */
  readonly isReady: boolean;
}

interface Outcome {
  readonly limitedIds: readonly number[];
  readonly problem: Text | null;
}

/**
 * Brings nftables to the desired limits, and returns the users whose bandwidth it limits. Without any limit,
 * nftables is not called once it is known to hold nothing, so that a machine without nft has no problem to
 * report. A slow nft run continues beside the polls, one run at a time; the first call after it ends starts
 * with the limits desired then.
 */
export function limiter(nftTable: NftTable) {
  let mayHoldLimits = true;
  let running: Promise<void> | null = null;
  const ended: Outcome[] = [];
  let crash: { readonly error: unknown } | null = null;
  let problem: Text | null = null;

  const run = async (wanted: WantedControl, signal: AbortSignal): Promise<Outcome> => {
    const isWanted = wanted.bandwidth.length > 0 || wanted.quotas.length > 0;
    if (!isWanted && !mayHoldLimits) return { limitedIds: [], problem: null };
    let outcome: Outcome = { limitedIds: [], problem: null };
    await catchAppError(
      async () => {
        const { limitedUserIds } = await nftTable.apply(wanted, signal);
        mayHoldLimits = isWanted;
        outcome = { limitedIds: limitedUserIds, problem: null };
      },
      (text) => {
        outcome = { limitedIds: [], problem: text };
      },
    );
    return outcome;
  };

  const start = async (wanted: WantedControl, signal: AbortSignal): Promise<void> => {
    running = run(wanted, signal)
      .then(
        (outcome) => ended.push(outcome),
        (error: unknown) => {
          crash = { error };
        },
      )
      .then(() => {
        running = null;
      });
    await patiently(running);
  };

  /** Returns the outcomes since the last call; throws the error of a failed run. */
  const takeEnded = (): readonly Outcome[] => {
    const thrown = crash;
    crash = null;
    if (thrown !== null) throw thrown.error;
    return ended.splice(0);
  };

  return async (
    policies: readonly PeerPolicy[],
    peers: LimitablePeers,
    unread: ReadonlySet<string>,
    nowMs: number,
    failures: Failures,
    signal: AbortSignal,
  ): Promise<Limited> => {
    const [reachable, others] = byReach(peers);
    const concerned = policies.filter(({ bandwidthBytesPerSecond: limit }) => limit > 0n);
    const outOfReach = concerned.filter(({ publicKey }) =>
      others.some((those) => those.has(publicKey)),
    );
    for (const { userId } of outOfReach) addFailure(failures, userId, NO_NAME_FOR_NFT);
    if (running === null) await start(desiredLimits(policies, reachable, unread, nowMs), signal);
    const outcomes = takeEnded();
    problem = outcomes.length === 0 ? problem : (outcomes.at(-1)?.problem ?? null);
    if (problem !== null) for (const { userId } of concerned) addFailure(failures, userId, problem);
    return {
      limitedIds: new Set(outcomes.flatMap(({ limitedIds }) => limitedIds)),
      problem,
      running,
      isReady: running === null || problem !== null,
    };
  };
}

/** Waits for the end of a run, for a limited time. */
async function patiently(run: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([run, enough]).finally(() => clearTimeout(timer));
}

/** Separates the peers of interfaces whose names nft accepts from those of the others. */
function byReach(peers: LimitablePeers) {
  const reachable = new Map([...peers].filter(([name]) => canQuote(name)));
  const others = [...peers].flatMap(([name, those]) => (canQuote(name) ? [] : [those]));
  return [reachable, others] as const;
}

import type { Text } from '../domain/errors.ts';
import type { Instant } from '../domain/time/clock.ts';
import type { Changes } from '../domain/tracking/changes.ts';
import type { Snapshot } from '../domain/wireguard/snapshot.ts';
import type { OwnActions } from './own-actions.ts';

/** Acts on what the poller reads. */
export interface Enforcer {
  /** Loads the state that an earlier run recorded. Called once, before anything else. */
  prepare(nowMs: number): Promise<void>;
  /** Returns the snapshot with the last bytes of peers that were removed while nothing could be recorded. */
  complete(snapshot: Snapshot): Snapshot;
  /** Returns wgql's own actions on peers. Called once before each snapshot is tracked. */
  ownActions(): Promise<OwnActions>;
  /** Acts on a snapshot whose changes are recorded. */
  readonly enforce: Act<Enforced>;
  /** Acts on a snapshot whose changes could not be recorded: removes the peers that must be off. */
  readonly hold: Act<void>;
}

type Act<Result> = (
  snapshot: Snapshot,
  changes: Changes,
  now: Instant,
  signal: AbortSignal,
) => Promise<Result>;

/** The result of acting on a snapshot. */
export interface Enforced {
  /** WireGuard was changed and must be read back. */
  readonly hasWritten: boolean;
  /** The longest time until the next poll; null means the usual interval. */
  readonly pollWithinMs: number | null;
  /** When this resolves, the next poll is due; null means that there is nothing to wait for. */
  readonly again: Promise<void> | null;
  /** The current problem with the limits, or null. */
  readonly problem: Text | null;
}

export const NOTHING_DONE: Enforced = {
  hasWritten: false,
  pollWithinMs: null,
  again: null,
  problem: null,
};

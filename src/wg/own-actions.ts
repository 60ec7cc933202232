import type { RemovalReason } from '../domain/tracking/end-reason.ts';

/**
 * wgql's own actions on peers, by public key, so that the tracker can distinguish them from those of others.
 */
export interface OwnActions {
  /** Why peers are being removed, or were removed and are kept off. */
  readonly removals: ReadonlyMap<string, RemovalReason>;
  /** Peers that were added or corrected since their interface was read last. */
  readonly writes: ReadonlySet<string>;
  /** Keys of deleted users: their peers belong to no user, and their bytes are booked without an owner. */
  readonly deletedKeys: ReadonlySet<string>;
  /** Keys of users that were erased since the last snapshot; these keys are unknown again. */
  readonly erased: ReadonlySet<string>;
}

export const NO_OWN_ACTIONS: OwnActions = {
  removals: new Map(),
  writes: new Set(),
  deletedKeys: new Set(),
  erased: new Set(),
};

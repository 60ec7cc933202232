import type { RemovalReason } from '../domain/tracking/end-reason.ts';

/** What the program itself does to peers, for the tracker to tell it from what others do. By public key. */
export interface OwnActions {
  /** Why peers are taken off, or were and are kept off. */
  readonly removals: ReadonlyMap<string, RemovalReason>;
  /** Peers that were put on or corrected since their interface was read last. */
  readonly writes: ReadonlySet<string>;
  /** Keys of deleted users: their peers are nobody's, and their bytes are booked without an owner. */
  readonly deletedKeys: ReadonlySet<string>;
  /** Keys of users that were erased since the last snapshot: they are unknown again. */
  readonly erased: ReadonlySet<string>;
}

export const NO_OWN_ACTIONS: OwnActions = {
  removals: new Map(),
  writes: new Set(),
  deletedKeys: new Set(),
  erased: new Set(),
};

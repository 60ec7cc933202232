import type { Text } from '../errors.ts';
import type { PeerSnapshot } from '../wireguard/snapshot.ts';
import type { PolicyUpdate, Reload } from './plan.ts';
import type { PeerPolicy } from './policy.ts';
import type { QuotaStart } from './quota-period.ts';

/** What was found out of a user's peer while acting on it. */
export interface PolicyReport {
  readonly userId: number;
  /** The revision that was applied. */
  readonly revision: number;
  /** What stands in the way; null is nothing. */
  readonly error: Text | null;
  /** The error is of a failed attempt, not a hint, and was not told before. */
  readonly isNewFailure: boolean;
  /** The declared configuration has reached WireGuard. */
  readonly configured: boolean;
  /** A limit of the bandwidth came into force. */
  readonly limited: boolean;
}

/** Where what is wanted is kept; the reconciler's side of the database. */
export interface PolicyStore {
  /** Every user with something to enforce, quota use included. */
  load(): Promise<readonly PeerPolicy[]>;
  /** Keys of deleted users with which no user was created since. */
  deletedKeys(): Promise<ReadonlySet<string>>;
  /** What interfaces held at their last good read, by name and public key. */
  lastReads(): Promise<ReadonlyMap<string, ReadonlyMap<string, PeerSnapshot>>>;
  /**
   * Managed peers that somebody took off and about whom nothing was concluded yet, by public key: the
   * program may have ended, or have had no right to act, between the reading and the conclusion.
   */
  unconcluded(): Promise<readonly string[]>;
  /** Counts in quotas what flowed since their periods began, and nothing from before. */
  startQuotas(starts: readonly QuotaStart[], at: Date): Promise<void>;
  /** Commits intents before they are acted on, and which interfaces were reloaded. */
  commit(updates: readonly PolicyUpdate[], reloads: readonly Reload[], at: Date): Promise<void>;
  /**
   * Keeps the preshared keys that peers have on an interface, sealed; null is none. A declared key
   * stays, and so does that of a peer that the program took off there.
   */
  capture(
    interfaceName: string,
    keys: readonly { readonly publicKey: string; readonly presharedKey: string | null }[],
  ): Promise<void>;
  report(reports: readonly PolicyReport[], at: Date): Promise<void>;
  /**
   * Gives a user without addresses the next free ones of an interface's networks. Rejects with an
   * `AppError` that names those that are full.
   */
  allocate(
    userId: number,
    interfaceName: string,
    networks: readonly string[],
  ): Promise<readonly string[]>;
  /** Erases users whose peers are gone, and answers their keys; their traffic stays. */
  erase(policies: readonly PeerPolicy[], at: Date): Promise<readonly string[]>;
  /** The preshared key; throws an `AppError` when it cannot be opened. */
  open(sealed: string): string;
}

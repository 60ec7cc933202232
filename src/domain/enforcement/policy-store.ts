import type { Text } from '../errors.ts';
import type { PeerSnapshot } from '../wireguard/snapshot.ts';
import type { PolicyUpdate, Reload } from './plan.ts';
import type { PeerPolicy } from './policy.ts';
import type { QuotaStart } from './quota-period.ts';

/** The results of acting on a user's peer. */
export interface PolicyReport {
  readonly userId: number;
  /** The revision that was applied. */
  readonly revision: number;
  /** The current problem, or null. */
  readonly error: Text | null;
  /** The error is that of a failed attempt, not a hint, and was not reported before. */
  readonly isNewFailure: boolean;
  /** The declared configuration has reached WireGuard. */
  readonly configured: boolean;
  /** A bandwidth limit came into force. */
  readonly limited: boolean;
}

/** The storage of policies; the part of the database that the reconciler uses. */
export interface PolicyStore {
  /** Every user with something to enforce, quota use included. */
  load(): Promise<readonly PeerPolicy[]>;
  /** Keys of deleted users with which no user was created since. */
  deletedKeys(): Promise<ReadonlySet<string>>;
  /** The peers of interfaces at their last good read, by name and public key. */
  lastReads(): Promise<ReadonlyMap<string, ReadonlyMap<string, PeerSnapshot>>>;
  /**
   * Managed peers that others removed and for which no decision was made yet, by public key: wgql may have
   * ended, or may not have been allowed to act, between the read and the decision.
   */
  unconcluded(): Promise<readonly string[]>;
  /** Counts in quotas the bytes moved since their periods began, and none from before. */
  startQuotas(starts: readonly QuotaStart[], at: Date): Promise<void>;
  /** Commits intents before they are acted on, and which interfaces were reloaded. */
  commit(updates: readonly PolicyUpdate[], reloads: readonly Reload[], at: Date): Promise<void>;
  /**
   * Stores the preshared keys of peers on an interface, encrypted; null means none. A declared key is kept,
   * and so is that of a peer that wgql removed there.
   */
  capture(
    interfaceName: string,
    keys: readonly { readonly publicKey: string; readonly presharedKey: string | null }[],
  ): Promise<void>;
  report(reports: readonly PolicyReport[], at: Date): Promise<void>;
  /**
   * Assigns the next free addresses of an interface's networks to a user without addresses. Rejects with an
   * `AppError` that names the networks that are full.
   */
  allocate(
    userId: number,
    interfaceName: string,
    networks: readonly string[],
  ): Promise<readonly string[]>;
  /** Erases users whose peers are gone, and returns their keys; their traffic is kept. */
  erase(policies: readonly PeerPolicy[], at: Date): Promise<readonly string[]>;
  /** The preshared key; throws an `AppError` if it cannot be decrypted. */
  open(sealed: string): string;
}

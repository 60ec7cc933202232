import { createHash } from 'node:crypto';
import { AppError } from '../../errors.ts';
import { isEmpty, TABLE, type TableContents } from './layout.ts';
import { parseListing } from './listing.ts';
import {
  explainNft,
  isForbidden,
  isMissingCommand,
  isMissingTable,
  type RunNft,
  runNft,
} from './nft-command.ts';
import { changeTo, REMOVAL } from './script.ts';
import { type WantedControl, wantedContents } from './wanted.ts';

export type { BandwidthLimit, PeerPrefixes, QuotaBackstop, WantedControl } from './wanted.ts';

/** Limits and quotas of users, kept by the kernel. Calls take their turn. */
export interface TrafficControl {
  /**
   * Makes the kernel's table equal to what is wanted; writes nothing when it is. Rejects with an
   * `AppError` (`UNAVAILABLE`) that says why; the table is then as it was.
   */
  apply(
    wanted: WantedControl,
    signal: AbortSignal,
  ): Promise<{ readonly changedUserIds: readonly number[] }>;
  /** Removes the table and nothing else. */
  cleanup(signal: AbortSignal): Promise<void>;
}

const LIST = ['-s', '-j', 'list', 'table', ...TABLE.split(' ')];

export function createTrafficControl(run: RunNft = runNft): TrafficControl {
  return new NftTrafficControl(run);
}

class NftTrafficControl implements TrafficControl {
  readonly #run: RunNft;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(run: RunNft) {
    this.#run = run;
  }

  apply(wanted: WantedControl, signal: AbortSignal) {
    return this.#inTurn(() => this.#apply(wantedContents(wanted), signal));
  }

  cleanup(signal: AbortSignal): Promise<void> {
    return this.#inTurn(() => this.#write(REMOVAL, signal));
  }

  async #apply(wanted: TableContents, signal: AbortSignal) {
    const listing = await this.#list(signal);
    const present = listing === null ? null : (parseListing(listing) ?? 'unusable');
    const { script, changedUserIds } = changeTo(wanted, present);
    if (script !== '') await this.#write(script, signal);
    return { changedUserIds };
  }

  async #list(signal: AbortSignal): Promise<string | null> {
    try {
      return await this.#run(LIST, '', signal);
    } catch (error) {
      if (isMissingTable(error)) return null;
      throw explainNft(error, signal);
    }
  }

  async #write(script: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#run(['-f', '-'], script, signal);
    } catch (error) {
      throw explainNft(error, signal);
    }
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

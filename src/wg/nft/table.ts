import { serial } from '../../async/serial.ts';
import { AppError } from '../../domain/errors.ts';
import {
  explainNft,
  isForbidden,
  isMissingCommand,
  isMissingTable,
  type RunNft,
  runNft,
} from '../command/nft.ts';
import { CALLS_BEFORE_RETRY, callsBetweenLooks, contentsOf, listingDigest } from './cache.ts';
import { type WantedControl, wantedContents } from './desired.ts';
import { diffTables, REMOVAL, type Unusable } from './diff.ts';
import { TABLE, type TableContents } from './layout.ts';
import { isNothing, isSameWanted } from './same-desired.ts';
import { spentTooSoon } from './spent.ts';

export type { RunNft } from '../command/nft.ts';
export type { BandwidthLimit, PeerPrefixes, QuotaBackstop, WantedControl } from './desired.ts';

/** Limits and quotas of users, enforced by the kernel. Calls run one after the other. */
export interface NftTable {
  /**
   * Makes the kernel's table equal to the desired one, and returns the users whose bandwidth limits came into
   * force by this; writes nothing if the tables are equal. Rejects with an `AppError` (`UNAVAILABLE`) that
   * gives the reason.
   *
   * Each call reads the table, so damage by others is repaired; a table of more than 2 000 objects, if
   * nothing else is desired, is read only at every n-th call (see `callsBetweenLooks`). While nothing is
   * desired and no table exists, no process is started.
   */
  apply(
    wanted: WantedControl,
    signal: AbortSignal,
  ): Promise<{ readonly limitedUserIds: readonly number[] }>;
  /** Whether the table exists; false without nft. Rejects if nft fails. Writes nothing. */
  isThere(signal: AbortSignal): Promise<boolean>;
  /** Removes the table and nothing else. */
  cleanup(signal: AbortSignal): Promise<void>;
}

/** `run` starts nft; tests run it in another network namespace. */
export function createNftTable(run: RunNft = runNft): NftTable {
  return new NftTrafficControl(run);
}

/** The kernel's table as it was last read, and the desired table that it was compared with. */
interface Known {
  readonly wanted: WantedControl;
  readonly present: TableContents | Unusable | null;
  /** Of the listing; null without a table. */
  readonly digest: string | null;
  /** Why the table differs from the desired one although nft accepted the rules. */
  readonly fault: AppError | null;
}

class NftTrafficControl implements NftTable {
  readonly #run: RunNft;
  readonly #inTurn = serial();
  #known: Known | null = null;
  #callsToSkip = 0;

  constructor(run: RunNft) {
    this.#run = run;
  }

  apply(wanted: WantedControl, signal: AbortSignal) {
    return this.#inTurn(async () => {
      try {
        return { limitedUserIds: await this.#apply(wanted, signal) };
      } catch (error) {
        // The result of an interrupted or refused write is unknown.
        if (!(error instanceof AppError) || error !== this.#known?.fault) this.#known = null;
        throw error;
      }
    });
  }

  isThere(signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(async () => {
      try {
        await this.#run(['-t', 'list', 'table', ...TABLE.split(' ')], '', signal);
        return true;
      } catch (error) {
        if (isMissingTable(error) || isMissingCommand(error)) return false;
        throw explainNft(error);
      }
    });
  }

  cleanup(signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      this.#known = null;
      await this.#write(REMOVAL, signal);
    });
  }

  async #apply(wanted: WantedControl, signal: AbortSignal): Promise<readonly number[]> {
    const known = this.#known;
    const isSame = known !== null && isSameWanted(wanted, known.wanted);
    if (isNothing(wanted) && known !== null && known.digest === null) return [];
    if (isSame && this.#callsToSkip > 0) {
      this.#callsToSkip -= 1;
      if (known.fault !== null) throw known.fault;
      return [];
    }
    const listing = await this.#list(wanted, signal);
    const digest = listingDigest(listing);
    const spent = spentTooSoon(listing, wanted.quotas);
    if (isSame && known.fault === null && digest === known.digest && spent.size === 0) {
      this.#callsToSkip = callsBetweenLooks(known.present);
      return [];
    }
    const contents = wantedContents(wanted);
    const isRemembered = known !== null && digest === known.digest;
    const present = isRemembered ? known.present : contentsOf(listing);
    const { script, limitedUserIds } = diffTables(contents, present, spent);
    if (script === '') this.#remember({ wanted, present, digest, fault: null });
    else {
      await this.#write(script, signal);
      await this.#readBack(wanted, contents, signal);
    }
    return limitedUserIds;
  }

  /**
   * Reads the written table back, so that the next call need not parse it. A table that differs from the
   * written one (another nft output format, or another program that changes it) is a fault and is written
   * again later: each write refills all buckets.
   */
  async #readBack(wanted: WantedControl, contents: TableContents, signal: AbortSignal) {
    const listing = await this.#list(wanted, signal);
    const present = contentsOf(listing);
    const isAsWritten = diffTables(contents, present).script === '';
    const fault = isAsWritten ? null : new AppError('UNAVAILABLE', NOT_AS_WRITTEN);
    this.#remember({ wanted, present, digest: listingDigest(listing), fault });
    if (fault !== null) throw fault;
  }

  #remember(known: Known): void {
    this.#known = known;
    const isStrange = known.fault !== null && known.present !== null;
    this.#callsToSkip = isStrange ? CALLS_BEFORE_RETRY : callsBetweenLooks(known.present);
  }

  /** null without a table. */
  async #list(wanted: WantedControl, signal: AbortSignal): Promise<string | null> {
    try {
      return await this.#run(['-s', '-j', 'list', 'table', ...TABLE.split(' ')], '', signal);
    } catch (error) {
      if (isMissingTable(error)) return null;
      // Without permission or nft there are no limits; that is reported once a limit is desired.
      const isHelpless = isMissingCommand(error) || isForbidden(error);
      if (isHelpless && !signal.aborted && isNothing(wanted)) return null;
      throw explainNft(error);
    }
  }

  async #write(script: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#run(['-f', '-'], script, signal);
    } catch (error) {
      throw explainNft(error);
    }
  }
}

const NOT_AS_WRITTEN = {
  en: 'nftables accepted the limits but shows different ones; check whether another program changes the table "inet wgql".',
  zh: 'nftables 接受了限制，但显示的内容不同；请检查是否有其他程序在修改 "inet wgql" 表。',
} as const;

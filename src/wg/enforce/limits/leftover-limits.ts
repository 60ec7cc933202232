import type { Text } from '../../../domain/errors.ts';
import type { NftTable } from '../../nft/table.ts';
import { catchAppError } from '../catch-app-error.ts';

/**
 * Reports limits that an earlier run left in nftables, where wgql may not write to it; null if there are
 * none. No new ones can appear then, so nftables is not checked again once it holds none; if the check fails,
 * it is repeated at the next poll.
 */
export function leftoverLimits(nftTable: NftTable): (signal: AbortSignal) => Promise<Text | null> {
  let mayBeThere = true;
  return async (signal) => {
    if (!mayBeThere) return null;
    let isThere = false;
    await catchAppError(
      async () => {
        isThere = await nftTable.isThere(signal);
        mayBeThere = isThere;
      },
      () => {},
    );
    return isThere ? LEFT_OVER : null;
  };
}

const LEFT_OVER: Text = {
  en: 'Limits of an earlier run are still in force in nftables, and WGQL_MANAGE=off does not change them; run "wgql cleanup" with WGQL_MANAGE=on to remove them.',
  zh: 'nftables 中仍有之前运行留下并在生效的限制，而 WGQL_MANAGE=off 不会改动它们；请在 WGQL_MANAGE=on 下运行 "wgql cleanup" 将其删除。',
};

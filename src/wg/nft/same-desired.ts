import type { PeerPrefixes, WantedControl } from './desired.ts';

/**
 * A cheap check whether two desired states give the same table; their order matters. The rest of a quota
 * changes at every poll and makes no difference while its seed is the same.
 */
export function isSameWanted(a: WantedControl, b: WantedControl): boolean {
  return (
    isSameList(
      a.bandwidth,
      b.bandwidth,
      (x, y) => isSamePeer(x, y) && x.bytesPerSecond === y.bytesPerSecond,
    ) &&
    isSameList(
      a.quotas,
      b.quotas,
      (x, y) => isSamePeer(x, y) && x.seed === y.seed && x.countsTx === y.countsTx,
    ) &&
    isSameList(a.prefixes, b.prefixes, isSamePeer)
  );
}

function isSamePeer(a: PeerPrefixes, b: PeerPrefixes): boolean {
  return (
    a.userId === b.userId &&
    a.interface === b.interface &&
    isSameList(a.prefixes, b.prefixes, (x, y) => x === y)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (x: T, y: T) => boolean): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((x, index) => isSame(x, b[index] as T));
}

/** Nothing is limited, whatever the peers' prefixes are. */
export function isNothing({ bandwidth, quotas }: WantedControl): boolean {
  return bandwidth.length === 0 && quotas.length === 0;
}

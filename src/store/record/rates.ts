import type { TrafficBooking } from '../../domain/tracking/changes.ts';

/** Bytes per second since the last good read; zeros once when a user stops. */
export interface RateRecord {
  readonly userId: number;
  readonly rxBytesPerSecond: number;
  readonly txBytesPerSecond: number;
}

/** For shorter intervals the rate would depend mostly on the clock's resolution. */
const SHORTEST_GAP_MS = 1;

/** Returns, poll after poll, the rates that changed. */
export function ratesOf(): (
  traffic: readonly TrafficBooking[],
  ownerId: (publicKey: string) => number | null,
) => RateRecord[] {
  let before = new Map<number, RateRecord>();
  return (traffic, ownerId) => {
    const now = new Map<number, RateRecord>();
    for (const { publicKey, rxBytes, txBytes, gapMs } of traffic) {
      const id = ownerId(publicKey);
      if (id === null) continue;
      const seconds = Math.max(SHORTEST_GAP_MS, gapMs) / 1000;
      const already = now.get(id);
      now.set(id, {
        userId: id,
        rxBytesPerSecond: (already?.rxBytesPerSecond ?? 0) + Number(rxBytes) / seconds,
        txBytesPerSecond: (already?.txBytesPerSecond ?? 0) + Number(txBytes) / seconds,
      });
    }
    const stopped = [...before.keys()]
      .filter((id) => !now.has(id))
      .map((id) => ({ userId: id, rxBytesPerSecond: 0, txBytesPerSecond: 0 }));
    const changed = [...now.values()].filter((rate) => {
      const old = before.get(rate.userId);
      return (
        old?.rxBytesPerSecond !== rate.rxBytesPerSecond ||
        old.txBytesPerSecond !== rate.txBytesPerSecond
      );
    });
    before = now;
    return [...changed, ...stopped];
  };
}

import { setImmediate } from 'node:timers/promises';

/** The number of rows changed at a time, because a poll and every client wait for a transaction. */
export const PART_ROWS = 1_000;

/**
 * Calls `change`, which returns how many rows it changed, until a part is not full. The event loop runs after
 * each part, because the driver is synchronous.
 */
export async function inParts(change: () => Promise<number>): Promise<void> {
  let rows = PART_ROWS;
  while (rows === PART_ROWS) {
    rows = await change();
    await setImmediate();
  }
}

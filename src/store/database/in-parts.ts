import { setImmediate } from 'node:timers/promises';

/** So many rows are changed at a time, since a poll and every client wait for a transaction. */
export const PART_ROWS = 1_000;

/**
 * Calls `change`, which answers how many rows it changed, until a part is not full any more. The event loop
 * turns after each part: the driver is synchronous.
 */
export async function inParts(change: () => Promise<number>): Promise<void> {
  let rows = PART_ROWS;
  while (rows === PART_ROWS) {
    rows = await change();
    await setImmediate();
  }
}

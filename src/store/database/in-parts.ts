import { setImmediate } from 'node:timers/promises';

/** The number of rows changed at a time, because a poll and every client wait for a transaction. */
export const PART_ROWS = 1_000;

/**
 * Calls `change`, which returns how many rows it changed, until a part is not full or `most` rows are changed,
 * and returns how many were. The event loop runs after each part, because the driver is synchronous.
 */
export async function inParts(change: () => Promise<number>, most = Infinity): Promise<number> {
  let changed = 0;
  let part = PART_ROWS;
  while (part === PART_ROWS && changed < most) {
    part = await change();
    changed += part;
    await setImmediate();
  }
  return changed;
}

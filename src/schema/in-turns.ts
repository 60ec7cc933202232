import { setImmediate } from 'node:timers/promises';

/** What a turn of the event loop completes: some milliseconds of work at the most. */
const ITEMS_A_TURN = 50;

/**
 * The items of a list for its field. GraphQL would complete a thousand of them without letting anything
 * else happen; here the event loop turns in between.
 */
export function inTurns<T>(items: readonly T[]): (T | Promise<T>)[] {
  let turn: Promise<void> = Promise.resolve();
  return items.map((item, index) => {
    if (index < ITEMS_A_TURN) return item;
    if (index % ITEMS_A_TURN === 0) turn = turn.then(() => setImmediate());
    return turn.then(() => item);
  });
}

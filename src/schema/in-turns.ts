import type { Context } from '../resolvers/context.ts';

/** How many items are completed at a time: at most a few milliseconds of work. */
const ITEMS_A_TURN = 50;

/**
 * Returns the items of a list field. GraphQL would complete a thousand items without yielding to the
 * event loop; here each part of a long list waits until it is its client's turn.
 */
export function inTurns<T>({ turn }: Context, items: readonly T[]): (T | Promise<T>)[] {
  if (items.length <= ITEMS_A_TURN) return [...items];
  let hasTurn: Promise<void> = Promise.resolve();
  return items.map((item, index) => {
    if (index % ITEMS_A_TURN === 0) hasTurn = hasTurn.then(turn);
    return hasTurn.then(() => item);
  });
}

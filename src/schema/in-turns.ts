import type { Context } from '../resolvers/context.ts';

/** What is completed at a time: some milliseconds of work at the most. */
const ITEMS_A_TURN = 50;

/**
 * The items of a list for its field. GraphQL would complete a thousand of them without letting anything
 * else happen; here each part of a long list waits for its client's turn.
 */
export function inTurns<T>({ turn }: Context, items: readonly T[]): (T | Promise<T>)[] {
  if (items.length <= ITEMS_A_TURN) return [...items];
  let hasTurn: Promise<void> = Promise.resolve();
  return items.map((item, index) => {
    if (index % ITEMS_A_TURN === 0) hasTurn = hasTurn.then(turn);
    return hasTurn.then(() => item);
  });
}

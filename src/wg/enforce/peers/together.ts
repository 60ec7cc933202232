import type { Text } from '../../../domain/errors.ts';
import { NO_ANSWER } from '../../command/wg.ts';
import { catchAppError } from '../catch-app-error.ts';

/**
 * Acts on many items with one command and, if that is refused, on one at a time, so that one bad peer does
 * not block the others. If a daemon does not respond, it is not called for each: a hundred peers would take
 * minutes. Calls `onRefused` for each refused item; returns the others.
 */
export async function together<Item>(
  items: readonly Item[],
  act: (items: readonly Item[]) => Promise<void>,
  onRefused: (item: Item, refusal: Text) => void,
): Promise<readonly Item[]> {
  let refusal = await refusalOf(() => act(items));
  if (refusal === null) return items;
  const done: Item[] = [];
  for (const item of items) {
    if (items.length > 1 && refusal !== NO_ANSWER) refusal = await refusalOf(() => act([item]));
    if (refusal === null) done.push(item);
    else onRefused(item, refusal);
  }
  return done;
}

async function refusalOf(act: () => Promise<void>): Promise<Text | null> {
  let refusal: Text | null = null;
  await catchAppError(act, (text) => {
    refusal = text;
  });
  return refusal;
}

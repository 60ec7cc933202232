import type { Text } from '../../domain/errors.ts';

/** What stands in the way of a user's limits, by user. */
export type Failures = Map<number, Text>;

/** Where several things stand in the way, the user hears of each. */
export function addFailure(failures: Failures, userId: number, text: Text): void {
  const known = failures.get(userId);
  if (known === undefined) failures.set(userId, text);
  else if (!known.en.includes(text.en)) {
    failures.set(userId, { en: `${known.en} ${text.en}`, zh: `${known.zh}${text.zh}` });
  }
}

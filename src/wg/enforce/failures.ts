import type { Text } from '../../domain/errors.ts';

/** The current problem of each user's limits, by user. */
export type Failures = Map<number, Text>;

/** If a user has several problems, all are reported. */
export function addFailure(failures: Failures, userId: number, text: Text): void {
  const known = failures.get(userId);
  if (known === undefined) failures.set(userId, text);
  else if (!known.en.includes(text.en)) {
    failures.set(userId, { en: `${known.en} ${text.en}`, zh: `${known.zh}${text.zh}` });
  }
}

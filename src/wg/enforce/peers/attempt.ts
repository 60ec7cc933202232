import { AppError, type Text } from '../../../domain/errors.ts';

/**
 * Only an `AppError`, which has a text for people, is recorded for the user; any other is a bug and is
 * thrown.
 */
export async function attempt(
  act: () => Promise<void>,
  fail: (text: Text) => void | Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await fail(error.text);
  }
}

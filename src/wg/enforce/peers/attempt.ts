import { AppError, type Text } from '../../../domain/errors.ts';

/** Only a failure that can be said to a person is one of the user's; others are ours. */
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

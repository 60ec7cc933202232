import { AppError, type Text } from '../../domain/errors.ts';

/** Calls `fail` with the message if `act` rejects with an `AppError`. Any other error is a bug and is thrown. */
export async function catchAppError(
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

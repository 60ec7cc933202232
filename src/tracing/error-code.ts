import { AppError, type ErrorCode } from '../domain/errors.ts';

/** The code of an error, as clients see it. */
export function errorCodeOf(error: unknown): ErrorCode {
  return error instanceof AppError ? error.code : 'INTERNAL';
}

import * as z from 'zod';
import { ERROR_CODES, type ErrorCode } from '../../domain/errors.ts';
import type { HeaderName } from './headers.ts';

/** The HTTP status of each error code. Codes used only by GraphQL do not occur here. */
export const ERROR_STATUS: Readonly<Record<ErrorCode, number>> = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  CURSOR_EXPIRED: 400,
  SLOW_CONSUMER: 503,
  PERSISTED_QUERY_NOT_FOUND: 200,
};

/** The body of every error response. */
export const errorBody = z
  .object({
    status: z.literal('error'),
    message: z
      .string()
      .describe('A sentence for people: what is wrong and what to do, in Chinese or English.'),
    code: z.enum(ERROR_CODES).describe('A stable code, the same as GraphQL has.'),
  })
  .meta({ id: 'Error', description: 'Why the request failed.' });

interface ErrorResponse {
  readonly description: string;
  readonly headers?: readonly HeaderName[];
}

/** What the description says about the errors of operations. */
export const ERROR_RESPONSES = {
  INVALID_ARGUMENT: {
    description: 'The request is not valid. The message names each invalid parameter or property.',
  },
  UNAUTHENTICATED: {
    description: 'A token is required, or the token is not valid.',
    headers: ['WWW-Authenticate'],
  },
  FORBIDDEN: {
    description:
      'The role of the token is not sufficient, or the request may come from the page of another site.',
  },
  NOT_FOUND: { description: 'There is no user with this id.' },
  CONFLICT: {
    description:
      'Another user has the public key or an allowed IP, or no address of the interface is free.',
  },
  PAYLOAD_TOO_LARGE: { description: 'The body is larger than 1 MB.' },
  UNSUPPORTED_MEDIA_TYPE: {
    description: 'The body is not JSON or a form, or its charset or encoding is not supported.',
  },
  RATE_LIMITED: {
    description: 'Too many invalid tokens were sent from the address of the client.',
    headers: ['Retry-After'],
  },
  UNAVAILABLE: {
    description: 'WireGuard or the database cannot do this at present. The message says why.',
  },
} as const satisfies Partial<Readonly<Record<ErrorCode, ErrorResponse>>>;

export type DescribedError = keyof typeof ERROR_RESPONSES;

/** Any other error: a method that the path does not support, or a fault of the program. */
export const OTHER_ERROR: ErrorResponse = {
  description:
    'Any other error: 405 if the path does not support the method, 500 for a fault of the program.',
  headers: ['Allow'],
};

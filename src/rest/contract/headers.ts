import * as z from 'zod';

/** The headers of responses that the description names, besides those that every response has. */
export const HEADERS = {
  'X-Total-Count': {
    description: 'The number of entries of the whole list.',
    schema: z.int().min(0),
    required: true,
  },
  ETag: {
    description:
      'Stays the same until a user changes. Sent back in `If-None-Match`, it saves the body. Tokens of the role `self` get none.',
    schema: z.string(),
    required: false,
  },
  'WWW-Authenticate': {
    description: 'The scheme to authenticate with.',
    schema: z.literal('Bearer'),
    required: true,
  },
  'Retry-After': {
    description: 'Seconds until another attempt is accepted.',
    schema: z.int().min(1),
    required: true,
  },
  Allow: {
    description: 'The methods that the path supports; sent with 405.',
    schema: z.string(),
    required: false,
  },
} as const satisfies Readonly<Record<string, Header>>;

interface Header {
  readonly description: string;
  readonly schema: z.ZodType;
  /** Whether every response that names the header has it. */
  readonly required: boolean;
}

export type HeaderName = keyof typeof HEADERS;

/** The headers of requests that the description names. */
export const REQUEST_HEADERS = {
  'If-None-Match': z
    .string()
    .optional()
    .describe('The `ETag` of the answer that the client has; 304 says that it is still the same.'),
} as const;

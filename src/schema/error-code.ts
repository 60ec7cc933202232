import type { ErrorCode as Code } from '../domain/errors.ts';
import { builder } from './builder.ts';

export const ErrorCode = builder.enumType('ErrorCode', {
  description: 'What kind of failure it is: the `extensions.code` of every error.',
  values: {
    INVALID_ARGUMENT: {
      description: 'The input or the document is not valid; `extensions.fields` names the fields.',
    },
    UNAUTHENTICATED: { description: 'A valid token is required.' },
    FORBIDDEN: { description: 'The role of the token does not allow it.' },
    NOT_FOUND: { description: 'There is no such object.' },
    METHOD_NOT_ALLOWED: { description: 'The HTTP method does not allow this operation.' },
    CONFLICT: { description: 'The current state does not allow the change.' },
    PAYLOAD_TOO_LARGE: { description: 'The request is too large.' },
    UNSUPPORTED_MEDIA_TYPE: { description: 'The content type of the request is not supported.' },
    RATE_LIMITED: { description: 'There were too many requests; try again later.' },
    INTERNAL: { description: 'The server failed; its log has the details.' },
    UNAVAILABLE: { description: 'Something that the request needs is not available now.' },
    CURSOR_EXPIRED: { description: 'The event log no longer has all events after the cursor.' },
    SLOW_CONSUMER: { description: 'The client did not read its subscription fast enough.' },
    PERSISTED_QUERY_NOT_FOUND: {
      description: 'The document with this hash is not known; send it together with the hash.',
    },
  } satisfies Record<Code, { description: string }>,
});

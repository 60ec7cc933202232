import {
  type DescribedError,
  ERROR_RESPONSES,
  ERROR_STATUS,
  errorBody,
  OTHER_ERROR,
} from '../contract/errors.ts';
import { HEADERS, type HeaderName } from '../contract/headers.ts';
import type { Route } from '../route.ts';
import type { Part, SchemaWriter } from './schemas.ts';

export const JSON_TYPE = 'application/json';

const OF_EVERY_REQUEST = [
  ...(['INVALID_ARGUMENT', 'UNAUTHENTICATED', 'FORBIDDEN'] as const),
  ...(['RATE_LIMITED', 'UNAVAILABLE'] as const),
] satisfies readonly DescribedError[];
/** Only POST has a body. */
const OF_BODIES = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;

export function responsesOf({ method, operation }: Route, schemas: SchemaWriter): Part {
  const { answer, headers = [], errors = [] } = operation;
  const codes = [...OF_EVERY_REQUEST, ...(method === 'POST' ? OF_BODIES : []), ...errors];
  return {
    200: {
      description: 'The request succeeded.',
      ...withHeaders(headers),
      content: { [JSON_TYPE]: { schema: schemas.write(answer) } },
    },
    ...(headers.includes('ETag') && {
      304: { description: 'No user has changed.', ...withHeaders(headers) },
    }),
    ...Object.fromEntries(codes.map((code) => [ERROR_STATUS[code], referenceTo(nameOf(code))])),
    default: referenceTo(OTHER),
  };
}

/** The error responses that operations refer to. */
export function errorResponses(schemas: SchemaWriter): Part {
  const content = { [JSON_TYPE]: { schema: schemas.write(errorBody) } };
  const response = ({ description, headers = [] }: typeof OTHER_ERROR) => ({
    description,
    ...withHeaders(headers),
    content,
  });
  const described = Object.entries(ERROR_RESPONSES).map(
    ([code, one]) => [nameOf(code), response(one)] as const,
  );
  return Object.fromEntries([...described, [OTHER, response(OTHER_ERROR)]]);
}

/** The headers that responses refer to. */
export function headers(schemas: SchemaWriter): Part {
  return Object.fromEntries(
    Object.entries(HEADERS).map(([name, { description, schema, required }]) => [
      name,
      { description, required, schema: schemas.write(schema) },
    ]),
  );
}

const OTHER = 'OtherError';

/** `NotFound` for `NOT_FOUND`. */
function nameOf(code: string): string {
  return code
    .split('_')
    .map((word) => `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`)
    .join('');
}

function referenceTo(name: string): Part {
  return { $ref: `#/components/responses/${name}` };
}

function withHeaders(names: readonly HeaderName[]): Part {
  if (names.length === 0) return {};
  const references = names.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const);
  return { headers: Object.fromEntries(references) };
}

import * as z from 'zod';
import { errorBody } from '../contract/answers.ts';
import { HEADERS, type Header, TAGS } from '../contract/operations.ts';
import { PATH_PARAMETERS } from '../contract/parameters.ts';
import type { Route } from '../route.ts';
import { ROUTES } from '../routes.ts';

/** A part of the document. */
type Part = Readonly<Record<string, unknown>>;

/**
 * The version of the described API, not of the program: the description needs no token, and must not say which
 * program is installed.
 */
const API_VERSION = '1.0.0';

const DESCRIPTION = `Users, sessions and traffic of a WireGuard server, and changes to its users.

Times are \`YYYY-MM-DD HH:MM:SS\` in the time zone of the server, days are days of that zone, and booleans are 0 or 1. \`rx\` is what the server received from a peer, \`tx\` what it sent to it. Messages are Chinese, or English with \`Accept-Language: en\`.

Byte counts have up to 64 bits. Clients in JavaScript round numbers above 2^53: with \`bytes=string\`, byte counts are text with all digits.

Unknown query parameters are ignored. HEAD is supported wherever GET only reads.`;

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The OpenAPI document of the routes, as JSON. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

function openApiDocument(): Part {
  const schemas = schemaWriter();
  const paths: Record<string, Part> = {};
  for (const route of ROUTES) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  const error = {
    description: 'The request failed.',
    content: { [JSON_TYPE]: { schema: schemas.write(errorBody) } },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'wgql REST API',
      version: API_VERSION,
      description: DESCRIPTION,
      contact: { name: 'wgql' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    // The last one is open mode, which ends with the first token.
    security: [{ bearer: [] }, { basic: [] }, {}],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.components(),
      responses: { Error: error },
      headers: Object.fromEntries(
        Object.entries(HEADERS).map(([name, { description, schema }]) => [
          name,
          { description, schema: schemas.write(schema) },
        ]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: {
          type: 'http',
          scheme: 'basic',
          description: 'The token is the password; any name is accepted.',
        },
      },
    },
  };
}

function operationOf(route: Route, schemas: SchemaWriter): Part {
  const { id, tag, summary, description, query, body, answer, headers } = route.operation;
  const isDeprecated = route.method === 'GET' && route.changesState;
  const pathParameters = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => {
    const known = name as keyof typeof PATH_PARAMETERS;
    return parameterOf('path', known, PATH_PARAMETERS[known], schemas);
  });
  const queryParameters = Object.entries(query.shape).map(([name, schema]) =>
    parameterOf('query', name, schema as z.ZodType, schemas),
  );
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description} Requires the role \`${route.role}\`.`,
    ...(isDeprecated && { deprecated: true }),
    parameters: [...pathParameters, ...queryParameters],
    ...(body !== undefined && { requestBody: requestBodyOf(body, schemas) }),
    responses: {
      200: {
        description: 'The request succeeded.',
        ...(headers !== undefined && { headers: headersOf(headers) }),
        content: { [JSON_TYPE]: { schema: schemas.write(answer) } },
      },
      ...(headers?.includes('ETag') && {
        304: { description: 'No user has changed.', headers: headersOf(headers) },
      }),
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

function parameterOf(
  place: 'path' | 'query',
  name: string,
  given: z.ZodType,
  schemas: SchemaWriter,
): Part {
  const { description, ...schema } = schemas.write(given);
  const required = !given.safeParse(undefined).success;
  return { name, in: place, required, description, schema };
}

function requestBodyOf(body: z.ZodObject, schemas: SchemaWriter): Part {
  const schema = schemas.write(body);
  return {
    required: !body.safeParse({}).success,
    content: { [JSON_TYPE]: { schema }, [FORM_TYPE]: { schema } },
  };
}

function headersOf(names: readonly Header[]): Part {
  return Object.fromEntries(
    names.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const),
  );
}

interface SchemaWriter {
  write(schema: z.ZodType): Part;
  /** The named schemas that were written so far. */
  components(): Part;
}

/** Writes JSON Schemas that refer to named ones, and keeps those. */
function schemaWriter(): SchemaWriter {
  const named = new Map<string, Part>();
  return {
    write: (schema) => {
      const json = z.toJSONSchema(schema, {
        target: 'draft-2020-12',
        // Properties may be added to responses, so clients must not reject unknown ones.
        io: 'input',
        // Byte counts, which say their type themselves.
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          withoutSafeRange(jsonSchema);
          withShortNull(jsonSchema);
        },
      });
      const text = JSON.stringify(json).replaceAll('#/$defs/', '#/components/schemas/');
      const { $schema, $defs = {}, ...own } = JSON.parse(text);
      for (const [name, part] of Object.entries($defs)) named.set(name, part as Part);
      return own;
    },
    components: () =>
      Object.fromEntries([...named].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** One type with null is written shorter, which generators of clients understand better. */
function withShortNull(schema: z.core.JSONSchema.BaseSchema): void {
  const [one, other, ...more] = schema.anyOf ?? [];
  if (other?.type !== 'null' || more.length > 0 || typeof one?.type !== 'string') return;
  delete schema.anyOf;
  Object.assign(schema, one, { type: [one.type, 'null'] });
}

/** The bounds that zod gives every integer say nothing about the value. */
function withoutSafeRange(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

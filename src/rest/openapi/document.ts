import type * as z from 'zod';
import { REQUEST_HEADERS } from '../contract/headers.ts';
import { TAGS } from '../contract/operations.ts';
import { PATH_PARAMETERS } from '../contract/parameters.ts';
import type { Route } from '../route.ts';
import { ROUTES } from '../routes.ts';
import { errorResponses, headers, JSON_TYPE, responsesOf } from './responses.ts';
import { type Part, type SchemaWriter, schemaWriter } from './schemas.ts';

/**
 * The version of the described API, not of the program: the description needs no token, and must not say which
 * program is installed. The second number is raised when something is added, the first when clients have to change.
 */
const API_VERSION = '1.0.0';

const DESCRIPTION = `Users, sessions and traffic of a WireGuard server, and changes to its users.

Times are \`YYYY-MM-DD HH:MM:SS\` in the time zone of the server, days are days of that zone, and booleans are 0 or 1. \`rx\` is what the server received from a peer, \`tx\` what it sent to it. Messages are Chinese, or English with \`Accept-Language: en\`.

Byte counts have up to 64 bits. Clients in JavaScript round numbers above 2^53: with \`bytes=string\`, byte counts are text with all digits.

Tokens have one of the roles \`self\`, \`viewer\`, \`operator\` and \`admin\`; each may make the requests of those before it.

Unknown query parameters are ignored. HEAD is supported wherever GET only reads.`;

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
      responses: errorResponses(schemas),
      headers: headers(schemas),
      schemas: schemas.components(),
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
  const { id, tag, summary, description, query, body, headers = [] } = route.operation;
  const isDeprecated = route.method === 'GET' && route.changesState;
  const pathParameters = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => {
    const known = name as keyof typeof PATH_PARAMETERS;
    return parameterOf('path', known, PATH_PARAMETERS[known], schemas);
  });
  const queryParameters = Object.entries(query.shape).map(([name, schema]) =>
    parameterOf('query', name, schema as z.ZodType, schemas),
  );
  const headerParameters = headers.includes('ETag')
    ? Object.entries(REQUEST_HEADERS).map(([name, schema]) =>
        parameterOf('header', name, schema, schemas),
      )
    : [];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description} Requires the role \`${route.role}\`.`,
    ...(isDeprecated && { deprecated: true }),
    parameters: [...pathParameters, ...queryParameters, ...headerParameters],
    ...(body !== undefined && { requestBody: requestBodyOf(body, schemas) }),
    responses: responsesOf(route, schemas),
  };
}

function parameterOf(
  place: 'path' | 'query' | 'header',
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

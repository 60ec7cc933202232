/** Makes the import `wgql:schema`: what the cache has to know of the types in schema.graphql. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { buildSchema, introspectionFromSchema } from 'graphql';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { minifyIntrospectionQuery } = require('@urql/introspection');

const SCHEMA = new URL('../../schema.graphql', import.meta.url);
const ID = '\0wgql-schema.js';

export const schemaForCache = {
  name: 'schema for the cache',
  resolveId: { filter: { id: /^wgql:schema$/ }, handler: () => ID },
  load: {
    filter: { id: /^\0wgql-schema\.js$/ },
    handler: async () => {
      const schema = buildSchema(await readFile(SCHEMA, 'utf8'));
      const known = minifyIntrospectionQuery(introspectionFromSchema(schema));
      return `export default ${JSON.stringify(known)};`;
    },
  },
};

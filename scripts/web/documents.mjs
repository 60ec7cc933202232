/** Lists the texts of all GraphQL documents that the dashboard sends. */
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { createRequest, formatDocument, stringifyDocument } = require('@urql/core');

/** As codegen.ts writes them. */
const GENERATED = ['web/api/generated/first/graphql.ts', 'web/api/generated/pages/graphql.ts'];

/** The documents in a file of generated ones. */
async function documentsIn(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const [{ contents }] = outputFiles;
  const module = `data:text/javascript;base64,${Buffer.from(contents).toString('base64')}`;
  return Object.entries(await import(module))
    .filter(([name]) => name.endsWith('Document'))
    .map(([, document]) => document.toString());
}

/** All are sent as they are, past the cache or over the socket; the cache adds `__typename` and prints them again. */
function textsSent(document) {
  const { query } = createRequest(document, {});
  const isSubscription = query.definitions.some(({ operation }) => operation === 'subscription');
  return isSubscription ? [document] : [document, stringifyDocument(formatDocument(query))];
}

export const documentsSent = async () =>
  (await Promise.all(GENERATED.map(documentsIn))).flat().flatMap(textsSent);

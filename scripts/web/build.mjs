/** Builds the dashboard. */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { documentsSent } from './documents.mjs';
import { licences } from './licences.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { build, createServer } = await import(pathToFileURL(require.resolve('vite')));

/**
 * Writes the dashboard to a folder: the page, the licences of the packages in it, and its scripts and styles in assets/
 * with hashes in their names, each also compressed. Everything that the page loads is there, so that a browser needs no
 * other server. Beside it, `documents.json` lists the GraphQL documents that it sends, for a server that runs only listed
 * ones. Returns the paths of the files that it consists of.
 */
export async function buildWeb(outDir) {
  let inputs = [];
  await build({
    configFile: 'web/vite.config.mjs',
    logLevel: 'warn',
    plugins: [
      licences((paths) => {
        inputs = paths;
      }),
    ],
    build: { outDir, emptyOutDir: true },
  });
  const listing = resolve('web', outDir, 'documents.json');
  await writeFile(listing, JSON.stringify(await documentsSent()));
  return inputs;
}

/** Serves the dashboard from its sources, with the APIs of a running server behind it. */
export async function serveWeb() {
  const server = await createServer({ configFile: 'web/vite.config.mjs' });
  await server.listen();
  server.printUrls();
}

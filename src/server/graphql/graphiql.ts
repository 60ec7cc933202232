import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { EXAMPLES } from './graphiql-examples.ts';

/**
 * The page to explore the API, for a browser that asks for a page, where nobody needs a token. It is
 * bundled, so it may load nothing from elsewhere and talk to nobody but this server.
 */
export function graphiql(isOpen: () => boolean): RequestHandler {
  let parts: Promise<readonly [string, string]> | null = null;
  return async (request, response, next) => {
    if (request.method !== 'GET' || !request.headers.accept?.includes('text/html')) return next();
    if (!isOpen()) return next();
    parts ??= writePage();
    const [before, after] = await parts;
    const nonce = randomBytes(16).toString('base64');
    response
      .set('Content-Security-Policy', pagePolicy(nonce))
      .type('html')
      .send(`${before}<script nonce="${nonce}">${after}`);
  };
}

/** 30 MB of script, so loaded for who asks for it, and written once. */
async function writePage(): Promise<readonly [string, string]> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return aroundScript(renderGraphiQL({ title: 'wgql: GraphQL API', defaultQuery: EXAMPLES }));
}

/** What lies before and after the tag of the page's script; the script itself has the word in a text. */
function aroundScript(page: string): readonly [string, string] {
  const [before = ''] = page.split('<script>', 1);
  return [before, page.slice(before.length + '<script>'.length)];
}

/** The editor writes styles of its own and runs its workers from blobs. */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { EXAMPLES } from './graphiql-examples.ts';

/**
 * Serves the GraphiQL page to browsers while no token is required. The page is bundled, so that it loads
 * nothing from other servers and connects only to this one.
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

/** Loaded on first use, because the script is 30 MB, and rendered once. */
async function writePage(): Promise<readonly [string, string]> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return aroundScript(renderGraphiQL({ title: 'wgql: GraphQL API', defaultQuery: EXAMPLES }));
}

/** Splits the page at its first script tag; the script itself also contains the text of the tag. */
function aroundScript(page: string): readonly [string, string] {
  const [before = ''] = page.split('<script>', 1);
  return [before, page.slice(before.length + '<script>'.length)];
}

/** The editor needs inline styles, and workers loaded from blobs. */
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

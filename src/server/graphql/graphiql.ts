import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import accepts from 'accepts';
import type { RequestHandler } from 'express';
import { ACCESS_FORM, ACCESS_SCRIPT } from './graphiql-access.ts';
import { EXAMPLES } from './graphiql-examples.ts';

interface Page {
  readonly text: string;
  readonly policy: string;
}

/**
 * Serves the GraphiQL page to browsers. The page is bundled, so that it loads nothing from other servers and connects
 * only to this one. It contains no data, so it needs no token; where one is required, it asks for it.
 */
export function graphiql(isServed: boolean): RequestHandler {
  let page: Promise<Page> | null = null;
  let compressed: Promise<Buffer> | null = null;
  return async (request, response, next) => {
    const isForBrowser = request.headers.accept?.includes('text/html') ?? false;
    if (!isServed || request.method !== 'GET' || !isForBrowser) return next();
    page ??= writePage();
    const { text, policy } = await page;
    response.set('Content-Security-Policy', policy).vary('Accept-Encoding').type('html');
    if (accepts(request).encodings(['gzip', 'identity']) === 'gzip') {
      compressed ??= promisify(gzip)(text);
      response.set('Content-Encoding', 'gzip').send(await compressed);
    } else response.send(text);
  };
}

const START = 'YogaGraphiQL.renderYogaGraphiQL(';

/** Loaded on first use, because the script is 30 MB, and rendered once. */
async function writePage(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const rendered = renderGraphiQL({ title: 'wgql: GraphQL API', defaultQuery: EXAMPLES });
  const { before, script, after } = aroundScript(rendered);
  const start = script.lastIndexOf(START);
  // GraphiQL reads the schema as soon as it starts, so it starts when access is certain.
  const later = `${script.slice(0, start)}window.startGraphiQL = () => ${script.slice(start)}`;
  const text = `${before}${ACCESS_FORM}<script>${ACCESS_SCRIPT}</script><script>${later}</script>${after}`;
  return { text, policy: pagePolicy([ACCESS_SCRIPT, later]) };
}

/** The page has one script, which itself also contains the text of the opening tag. */
function aroundScript(page: string): Record<'before' | 'script' | 'after', string> {
  const [opening, closing] = ['<script>', '</script>'];
  const [start, end] = [page.indexOf(opening), page.lastIndexOf(closing)];
  return {
    before: page.slice(0, start),
    script: page.slice(start + opening.length, end),
    after: page.slice(end + closing.length),
  };
}

/** The editor needs inline styles, and workers loaded from blobs. */
function pagePolicy(scripts: readonly string[]): string {
  const hashes = scripts.map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
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

import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../../domain/errors.ts';
import { type Encoding, type WebFiles, webFiles } from './files.ts';

/**
 * Scripts, styles and data only from this server, no inline scripts, and no text that becomes HTML. Pictures may be in
 * the page itself, for QR codes.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The paths of the dashboard, all of which get the same page. */
const PAGES = /^\/(?:(?:users|settings)(?:\/[^/]+)?|events|audit)?$/;

const PAGE = 'index.html';
const LICENCES = 'licences.txt';

/** The names of these files have a hash of their content. */
const ASSETS = /^assets\//;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the dashboard. It has no data, so it needs no token; it reads everything from the GraphQL API. */
export function dashboardPages(files: WebFiles = webFiles()): RequestHandler {
  return async (request, response, next) => {
    const name = fileFor(request);
    const type = name === null ? null : files.typeOf(name);
    if (name === PAGE && type === null) throw notBuilt();
    if (name === null || type === null) return next();
    const encoding = encodingFor(request);
    const content = await files.read(name, encoding);
    if (encoding !== 'identity') response.set('Content-Encoding', encoding);
    if (name === PAGE) response.set('Content-Security-Policy', POLICY);
    response
      .vary('Accept-Encoding')
      .set({ 'Content-Type': type, 'Cache-Control': ASSETS.test(name) ? FOR_EVER : 'no-cache' })
      .end(content);
  };
}

/** The name of the file that is asked for; null if that is none of the dashboard. */
function fileFor({ method, path }: Request): string | null {
  if (method !== 'GET' && method !== 'HEAD') return null;
  if (PAGES.test(path)) return PAGE;
  const name = path.slice(1);
  return name === LICENCES || ASSETS.test(name) ? name : null;
}

/** The smallest form that the browser can read; browsers list theirs in no order of size. */
function encodingFor(request: IncomingMessage): Encoding {
  const encodings = ['br', 'gzip'] as const;
  return encodings.find((one) => accepts(request).encodings([one]) === one) ?? 'identity';
}

function notBuilt(): AppError {
  return new AppError('NOT_FOUND', {
    en: 'The dashboard was not built; run "npm run setup" and start the server again.',
    zh: '仪表板尚未构建；请运行 "npm run setup" 并重新启动服务器。',
  });
}

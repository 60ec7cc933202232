import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Response, Router } from 'express';
import type { OneTimeLinks } from '../../access/one-time-links.ts';
import type { Text } from '../../domain/errors.ts';
import type { ClientDownload } from '../../resolvers/context.ts';
import { askingPage, configurationPage, endedPage, STYLE } from './page.ts';

/** No script, nothing from elsewhere, and the form only to this server. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The pages of one-time links. They need no token: the name of the link is the secret. */
export function clientPages(
  links: OneTimeLinks<ClientDownload>,
  languageOf: (request: IncomingMessage) => keyof Text,
): Router {
  const send = (response: Response, status: number, html: string) => {
    response
      .status(status)
      .set('Content-Security-Policy', POLICY)
      .set('Referrer-Policy', 'no-referrer')
      .type('html')
      .send(html);
  };
  return Router()
    .get('/:name', (request, response) => {
      const language = languageOf(request);
      const isThere = links.has(request.params.name);
      send(response, isThere ? 200 : 410, isThere ? askingPage(language) : endedPage(language));
    })
    .post('/:name', (request, response) => {
      const language = languageOf(request);
      const download = links.take(request.params.name);
      const html = download === null ? endedPage(language) : configurationPage(language, download);
      send(response, download === null ? 410 : 200, html);
    });
}

import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { openApiText } from './document.ts';

/** Sends the OpenAPI document, readable from any origin. It is made at the first request. */
export function serveOpenApi(): RequestHandler {
  let made: { readonly text: string; readonly tag: string } | undefined;
  const make = () => {
    const text = openApiText();
    const digest = createHash('sha256').update(text).digest('base64url');
    return { text, tag: `"${digest}"` };
  };
  return (_, response) => {
    made ??= make();
    response
      .set({
        'Access-Control-Allow-Origin': '*',
        // Kept by clients, who ask each time whether it is still the same.
        'Cache-Control': 'no-cache',
        ETag: made.tag,
      })
      .type('application/json')
      .send(made.text);
  };
}

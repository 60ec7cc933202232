import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Text } from '../domain/errors.ts';
import type { Readiness } from '../resolvers/overview/readiness.ts';

/** Reports that the process is alive. */
export const healthz: RequestHandler = (_, response) => {
  response.set('Cache-Control', 'no-store').json({ status: 'ok' });
};

/** Reports whether the server is ready: the database responds and WireGuard was read recently; 503 if not. */
export function readyz(
  readiness: () => Promise<Readiness>,
  languageOf: (request: IncomingMessage) => keyof Text,
): RequestHandler {
  return async (request, response) => {
    const { ready, problem } = await readiness();
    const language = languageOf(request);
    response
      .set('Cache-Control', 'no-store')
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ok' : 'unavailable', message: problem?.[language] ?? null });
  };
}

import type { RequestHandler } from 'express';
import type { Text } from '../domain/errors.ts';
import type { Readiness } from '../resolvers/readiness.ts';

/** Whether the process is alive at all. */
export const healthz: RequestHandler = (_, response) => {
  response.set('Cache-Control', 'no-store').json({ status: 'ok' });
};

/** Whether it can do its work: the database answers and WireGuard was read lately; 503 if not. */
export function readyz(
  readiness: () => Promise<Readiness>,
  languageOf: (header: string | undefined) => keyof Text,
): RequestHandler {
  return async (request, response) => {
    const { ready, problem } = await readiness();
    const language = languageOf(request.headers['accept-language']);
    response
      .set('Cache-Control', 'no-store')
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ok' : 'unavailable', message: problem?.[language] ?? null });
  };
}

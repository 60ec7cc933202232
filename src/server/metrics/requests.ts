import type { RequestListener } from 'node:http';
import type { Clock } from '../../domain/time/clock.ts';
import type { Api, Instruments } from '../../metrics/instruments.ts';

/**
 * Counts and times the requests of both APIs. A request whose client has left before the first byte of the response is
 * not counted.
 */
export function countRequests(
  handle: RequestListener,
  instruments: Pick<Instruments, 'answered'>,
  clock: Clock,
): RequestListener {
  return (request, response) => {
    const api = apiOf(request.url ?? '');
    if (api !== null) {
      const begunMs = clock.monotonicMs();
      response.once('close', () => {
        if (!response.headersSent) return;
        const type = String(response.getHeader('content-type') ?? '');
        const isStream = type.startsWith('text/event-stream');
        const durationMs = clock.monotonicMs() - begunMs;
        instruments.answered(api, response.statusCode, isStream ? null : durationMs);
      });
    }
    handle(request, response);
  };
}

function apiOf(url: string): Api | null {
  const [, first] = /^\/(graphql|api)(?:[/?]|$)/.exec(url) ?? [];
  if (first === undefined) return null;
  return first === 'graphql' ? 'graphql' : 'rest';
}

import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../../resolvers/context.ts';

const EVENT_STREAM = /^text\/event-stream\b/i;

/**
 * Proxies may buffer, compress or cache responses. These headers instruct them to forward an event stream
 * immediately; nginx supports only the second one.
 */
export function useEventStreams(): Plugin<object, Context> {
  return {
    onResponse: ({ response }) => {
      const { headers } = response;
      if (!EVENT_STREAM.test(headers.get('content-type') ?? '')) return;
      headers.set('Cache-Control', 'no-cache, no-transform');
      headers.set('X-Accel-Buffering', 'no');
    },
  };
}

import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../resolvers/context.ts';

const EVENT_STREAM = /^text\/event-stream\b/i;

/**
 * Proxies keep what they are sent until there is enough of it, compress it or store it. These headers
 * tell them to pass an event stream on as it comes; nginx reads the second one alone.
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

import type { Context } from '../../resolvers/context.ts';

/** What comes with a request over HTTP; a socket's operations bring their own context. */
export interface ServerContext {
  readonly context?: Context;
}

import type { Context } from '../../resolvers/context.ts';

/** The context passed to Yoga with an HTTP request; WebSocket operations provide their own. */
export interface ServerContext {
  readonly context?: Context;
}

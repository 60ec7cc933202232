import type { Context } from '../resolvers/context.ts';

/** What two subscribers must have in common to be told the same: who they are, and their language. */
export function sharingScopeOf({ principal, language }: Context): string {
  return JSON.stringify([principal?.name ?? null, principal?.role ?? null, language]);
}

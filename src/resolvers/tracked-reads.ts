import type { Context } from './context.ts';

/** Parts of the context that never change, or that are the same for all readers with one role. */
const SAME: ReadonlySet<string> = new Set<keyof Context>([
  'config',
  'startedAt',
  'version',
  'principal',
  'accessClock',
  'language',
  'turn',
  'tracer',
]);

/** Parts of the context with parts of their own that are answered from the users in memory. */
const OF_USERS: Readonly<Record<string, ReadonlySet<string>>> = {
  store: new Set(['users']),
  loaders: new Set(['user', 'clear']),
};

/** A context that knows what was read through it. */
export interface TrackedReads {
  readonly context: Context;
  /**
   * Whether all that was read depends on nothing but the users and the reader's role. Anything that is not known
   * to do so counts as something else: the time, other records, the state of the program.
   */
  areOfUsers(): boolean;
}

export function trackReads(context: Context): TrackedReads {
  let areOfUsers = true;
  const watched = <T extends object>(target: T, isKnown: (name: string) => boolean): T =>
    new Proxy(target, {
      get: (_, name) => {
        if (typeof name === 'string' && !isKnown(name)) areOfUsers = false;
        return target[name as keyof T];
      },
    });
  const parts = new Map(
    Object.entries(OF_USERS).map(([part, names]) => [
      part,
      watched(context[part as keyof Context] as object, (name) => names.has(name)),
    ]),
  );
  const own = new Proxy(context, {
    get: (target, name) => {
      const part = parts.get(name as string);
      if (part !== undefined) return part;
      if (typeof name === 'string' && name in target && !SAME.has(name)) areOfUsers = false;
      return target[name as keyof Context];
    },
  });
  return { context: own, areOfUsers: () => areOfUsers };
}

import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/resolvers/context.ts';
import { trackReads } from '../../src/resolvers/tracked-reads.ts';

const part = () => new Proxy({}, { get: () => () => null });

const context = new Proxy({} as Context, {
  has: () => true,
  get: (_, name) => (name === 'store' || name === 'loaders' ? part() : name),
});

function areOfUsers(read: (context: Context) => unknown): boolean {
  const tracked = trackReads(context);
  read(tracked.context);
  return tracked.areOfUsers();
}

describe('what is read of a context', () => {
  it.each<[string, (context: Context) => unknown]>([
    ['nothing', () => null],
    ['users', ({ store }) => store.users],
    ['users by id', ({ loaders }) => loaders.user],
    ['the reader', ({ principal, language }) => [principal, language]],
    ['the settings', ({ config }) => config],
    ['the tracer', ({ tracer }) => tracer],
    ['the clock for access', ({ accessClock }) => accessClock],
  ])('is of users if it is %s', (_, read) => {
    expect(areOfUsers(read)).toBe(true);
  });

  it.each<[string, (context: Context) => unknown]>([
    ['the clock', ({ clock }) => clock],
    ['the calendar', ({ calendar }) => calendar],
    ['sessions', ({ store }) => store.sessions],
    ['sessions by id', ({ loaders }) => loaders.session],
    ['traffic', ({ loaders }) => loaders.today],
    ['the state of polls', ({ pollerStatus }) => pollerStatus],
    ['users and the clock', ({ store, clock }) => [store.users, clock]],
    ['a part that nobody has named yet', (all) => (all as unknown as { more: unknown }).more],
  ])('is of more if it is %s', (_, read) => {
    expect(areOfUsers(read)).toBe(false);
  });
});

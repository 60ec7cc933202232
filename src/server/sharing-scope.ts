import type { Context } from '../resolvers/context.ts';

const numbers = new WeakMap<object, number>();
let count = 0;

/**
 * What two subscribers must have in common to be told the same: their very principal, which holds all
 * that authorization depends on and ends with it, and their language.
 */
export function sharingScopeOf({ principal, language }: Context): string {
  const number = numbers.get(principal) ?? ++count;
  numbers.set(principal, number);
  return JSON.stringify([number, language]);
}

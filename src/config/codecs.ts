import * as z from 'zod';
import type { Text } from '../domain/errors.ts';
import { quoted } from '../domain/secret-like.ts';

/** A condition for a value, or for each item of a list. */
export interface Check {
  readonly isGood: (value: string) => boolean;
  /** The problem, without the name of the variable; `shown` is the value in a form safe for messages. */
  readonly problem: (value: string, shown: string) => Text;
}

type Context = z.RefinementCtx;

export function report(ctx: Context, problem: Text): void {
  ctx.addIssue({ code: 'custom', message: problem.en, params: problem });
}

function check(ctx: Context, raw: string | undefined, values: string[], checks: Check[]): void {
  for (const { isGood, problem } of checks) {
    for (const value of values.filter((one) => !isGood(one))) {
      report(ctx, problem(value, quoted(value, raw)));
    }
  }
}

/** The trimmed text of a variable; a blank one counts as absent. */
export function text(fallback: string, ...checks: Check[]) {
  return z
    .string()
    .optional()
    .transform((raw, ctx) => {
      const given = raw?.trim() ?? '';
      if (given !== '') check(ctx, raw, [given], checks);
      return given || fallback;
    });
}

/** Comma-separated items. */
export function list(...checks: Check[]) {
  return z
    .string()
    .optional()
    .transform((raw, ctx) => {
      const items = (raw ?? '')
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      check(ctx, raw, items, checks);
      return items;
    });
}

export function integer(fallback: number, min: number, max: number) {
  const isGood = (value: string) =>
    /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
  return text(String(fallback), {
    isGood,
    problem: (_, shown) => ({
      en: `must be a whole number from ${min} to ${max}, but is ${shown}`,
      zh: `必须是 ${min} 到 ${max} 之间的整数，现在是 ${shown}`,
    }),
  }).transform(Number);
}

export function choice<const T extends string>(fallback: T, ...choices: readonly T[]) {
  return text(fallback, {
    isGood: (value) => choices.some((candidate) => candidate === value),
    problem: (_, shown) => ({
      en: `must be one of ${choices.join(', ')}, but is ${shown}`,
      zh: `必须是 ${choices.join('、')} 之一，现在是 ${shown}`,
    }),
  }).transform((value) => value as T);
}

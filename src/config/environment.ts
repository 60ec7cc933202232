import type { z } from 'zod';
import type { Text } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { isRepeatable } from '../domain/secret-like.ts';
import { VARIABLES, type VariableName } from './variables.ts';

export type Values = {
  readonly [Name in VariableName]: z.output<(typeof VARIABLES)[Name]>;
};

export interface Environment {
  /** The validated values; a variable with a problem has its default. */
  readonly values: Values;
  readonly problems: readonly Text[];
  /** Warnings about unknown WGQL_ variables. */
  readonly unknown: readonly Text[];
}

/** Reads each variable of the table separately, so that all problems are reported together. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const problems: Text[] = [];
  const entries = Object.entries(VARIABLES).map(([name, schema]) => {
    const result = schema.safeParse(env[name]);
    if (result.success) return [name, result.data] as const;
    for (const issue of result.error.issues) problems.push(problemOf(name, issue));
    return [name, schema.parse(undefined)] as const;
  });
  return {
    values: Object.fromEntries(entries) as Values,
    problems,
    unknown: unknownSettings(env, new Set(Object.keys(VARIABLES))),
  };
}

/** Formats a problem of a setting for output. */
export function settingProblem(name: VariableName, { en, zh }: Text): Text {
  return { en: `${name} ${en}.`, zh: `${name} ${zh}。` };
}

function problemOf(name: string, issue: z.core.$ZodIssue): Text {
  const { params } = issue as { readonly params?: Text };
  return settingProblem(name as VariableName, params ?? { en: issue.message, zh: issue.message });
}

function unknownSettings(env: NodeJS.ProcessEnv, known: ReadonlySet<string>): Text[] {
  const unknown = Object.keys(env).filter((name) => /^WGQL_/i.test(name) && !known.has(name));
  return unknown.sort().map((name): Text => {
    const shown = isRepeatable(name) ? name : 'WGQL_…';
    const near = nearest(name, [...known]);
    return near === null
      ? {
          en: `${shown} is not a setting of wgql and is ignored; docs/SETTINGS.md lists all settings.`,
          zh: `${shown} 不是 wgql 的设置，已忽略；所有设置请参阅 docs/SETTINGS.md。`,
        }
      : {
          en: `${shown} is not a setting of wgql and is ignored; did you mean ${near}?`,
          zh: `${shown} 不是 wgql 的设置，已忽略；是否想写 ${near}？`,
        };
  });
}

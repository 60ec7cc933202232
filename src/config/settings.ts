import type { Text } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { isRepeatable, quoted } from '../domain/secret-like.ts';

/** Reads settings from the environment and collects their problems. */
export interface Settings {
  readonly problems: readonly Text[];
  problem(name: string, en: string, zh: string): void;
  /** The trimmed value; a blank one counts as absent. */
  text(name: string, fallback: string): string;
  /** The comma-separated values. */
  list(name: string): string[];
  integer(name: string, fallback: number, min: number, max: number): number;
  choice<T extends string>(name: string, fallback: T, choices: readonly T[]): T;
  /**
   * Formats a value or one of its items for a message; hides a value that may be a secret set under the
   * wrong name.
   */
  shown(name: string, value: string): string;
  /** Warnings about unknown WGQL_ variables. Must be called after all settings were read. */
  unknown(): Text[];
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const problems: Text[] = [];
  const known = new Set(['WGQL_TOKEN']);
  const problem = (name: string, en: string, zh: string) => {
    problems.push({ en: `${name} ${en}.`, zh: `${name} ${zh}。` });
  };
  const shown = (name: string, value: string) => quoted(value, env[name]);
  const text = (name: string, fallback: string) => {
    known.add(name);
    return env[name]?.trim() || fallback;
  };
  return {
    problems,
    problem,
    shown,
    text,
    list: (name) =>
      text(name, '')
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    integer: (name, fallback, min, max) => {
      const value = text(name, String(fallback));
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
      if (number >= min && number <= max) return number;
      problem(
        name,
        `must be a whole number from ${min} to ${max}, but is ${shown(name, value)}`,
        `必须是 ${min} 到 ${max} 之间的整数，现在是 ${shown(name, value)}`,
      );
      return fallback;
    },
    choice: <T extends string>(name: string, fallback: T, choices: readonly T[]): T => {
      const value = text(name, fallback);
      const found = choices.find((candidate) => candidate === value);
      if (found !== undefined) return found;
      problem(
        name,
        `must be one of ${choices.join(', ')}, but is ${shown(name, value)}`,
        `必须是 ${choices.join('、')} 之一，现在是 ${shown(name, value)}`,
      );
      return fallback;
    },
    unknown: () => unknownSettings(env, known),
  };
}

function unknownSettings(env: NodeJS.ProcessEnv, known: ReadonlySet<string>): Text[] {
  const unknown = Object.keys(env).filter((name) => /^WGQL_/i.test(name) && !known.has(name));
  return unknown.sort().map((name): Text => {
    const shown = isRepeatable(name) ? name : 'WGQL_…';
    const near = nearest(name, [...known]);
    return near === null
      ? {
          en: `${shown} is not a setting of wgql and is ignored; see the README for all settings.`,
          zh: `${shown} 不是 wgql 的设置，已忽略；所有设置请参阅 README。`,
        }
      : {
          en: `${shown} is not a setting of wgql and is ignored; did you mean ${near}?`,
          zh: `${shown} 不是 wgql 的设置，已忽略；是否想写 ${near}？`,
        };
  });
}

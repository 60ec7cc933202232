import { AppError, type FieldError, invalidField, invalidFields } from '../domain/errors.ts';
import type { OffsetRange } from '../resolvers/pages/page.ts';
import type { Raw } from './coerce.ts';
import {
  BYTES_AS,
  type BytesAs,
  DEFAULT_PER_PAGE,
  MAX_PAGE_NUMBER,
  MAX_PER_PAGE,
} from './contract/parameters.ts';

/** Reads all parameters; throws one error with every invalid parameter. */
export function readAll<T extends Record<string, unknown>>(
  readers: { readonly [K in keyof T]: () => T[K] },
): T {
  const fields: FieldError[] = [];
  const values = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read()];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      fields.push(...error.fields);
      return [name, undefined];
    }
  });
  if (fields.length > 0) throw invalidFields(fields);
  return Object.fromEntries(values) as T;
}

/** Reads a parameter with a fixed set of values; absent or empty selects the first. */
export function queryChoice<T extends string>(
  query: Raw,
  name: string,
  choices: readonly [T, ...T[]],
): T {
  const value = queryText(query, name);
  if (value === null) return choices[0];
  const found = choices.find((choice) => choice === value.toLowerCase());
  if (found !== undefined) return found;
  throw invalidField(name, {
    en: `must be one of ${choices.join(', ')}`,
    zh: `必须是 ${choices.join('、')} 之一`,
  });
}

/** What the query of a list selects, and how the list is written. */
export interface ListQuery {
  /** null: the whole list. */
  readonly range: OffsetRange | null;
  readonly bytes: BytesAs;
}

/** Reads the parameters of every list. */
export function queryList(query: Raw): ListQuery {
  return readAll({ range: () => queryRange(query), bytes: () => queryBytes(query) });
}

export function queryBytes(query: Raw): BytesAs {
  return queryChoice(query, 'bytes', BYTES_AS);
}

/** Reads `page` and `per_page`. Returns null if both are absent, which selects the whole list. */
function queryRange(query: Raw): OffsetRange | null {
  const { page, perPage } = readAll({
    page: () => queryInteger(query, 'page', MAX_PAGE_NUMBER),
    perPage: () => queryInteger(query, 'per_page', MAX_PER_PAGE),
  });
  if (page === null && perPage === null) return null;
  const limit = perPage ?? DEFAULT_PER_PAGE;
  return { limit, offset: ((page ?? 1) - 1) * limit };
}

function queryInteger(query: Raw, name: string, max: number): number | null {
  const value = queryText(query, name);
  if (value === null) return null;
  const number = /^\d{1,9}(\.0+)?$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= max) return number;
  throw invalidField(name, {
    en: `must be a whole number from 1 to ${max}`,
    zh: `必须是 1 到 ${max} 之间的整数`,
  });
}

/** Reads a parameter that may be given once; returns null if it is absent or blank. */
export function queryText(query: Raw, name: string): string | null {
  const value = query[name] ?? '';
  if (typeof value === 'string') return value.trim() || null;
  throw invalidField(name, {
    en: 'must be given only once',
    zh: '只能提供一次',
  });
}

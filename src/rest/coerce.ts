import { type Calendar, parseInstant } from '../calendar.ts';
import { AppError, type FieldError, invalidField, invalidFields, type Text } from '../errors.ts';

/** The raw fields of a body or a query string. */
export type Raw = Readonly<Record<string, unknown>>;

/** Turns one raw value into what a resolver takes; one it cannot read is passed on, to be refused there. */
export type Coercion = (value: unknown, calendar: Calendar) => unknown;

const LAST_SECOND_MS = 1000;

export const asIs: Coercion = (value) => value;

/** A number, or a numeric string of a form. */
export const asNumber: Coercion = (value) =>
  typeof value === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(value.trim()) ? Number(value) : value;

/** `0`, `1`, `true` or `false`, as a value or as text. */
export const asBoolean: Coercion = (value) => {
  if (value === 1 || value === '1' || value === 'true') return true;
  if (value === 0 || value === '0' || value === 'false') return false;
  return value;
};

/** A list, or text with commas. */
export const asList: Coercion = (value) =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : value;

/** A local date (its last second), a local time, or ISO 8601 with a zone; empty clears. */
export const asEndTime: Coercion = (value, calendar) => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return null;
  const day = calendar.parseDay(text);
  if (day !== null) return new Date(calendar.addDays(day, 1).getTime() - LAST_SECOND_MS);
  return calendar.parseTime(text) ?? parseInstant(text) ?? value;
};

/** The start of a local date, a local time, or ISO 8601 with a zone. */
export const asStartTime: Coercion = (value, calendar) => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return calendar.parseDay(text) ?? calendar.parseTime(text) ?? parseInstant(text) ?? value;
};

/** The end of a stretch: of a local date its last instant, so that the date is whole. */
export const asUntilTime: Coercion = (value, calendar) => {
  const day = typeof value === 'string' ? calendar.parseDay(value.trim()) : null;
  return day === null ? asStartTime(value, calendar) : calendar.addDays(day, 1);
};

/** Text, or a number that a client wrote where text is meant, such as a phone number. */
export const asText: Coercion = (value) => (Number.isFinite(value) ? String(value) : value);

/** A field as REST spells it, with the resolvers' name for it. */
export interface FieldRule {
  readonly name: string;
  readonly coerce: Coercion;
}

const UNKNOWN_FIELD: Text = {
  en: 'is not a field of this request',
  zh: '不是此请求的字段',
};

/**
 * The resolvers' input out of a body. Fields of `ignored` are documented but read-only; any other
 * unknown field is refused by name, together with what `problems` finds in the known ones.
 */
export function coerceBody(
  body: Raw,
  rules: Readonly<Record<string, FieldRule>>,
  ignored: ReadonlySet<string>,
  calendar: Calendar,
  problems: (input: Record<string, unknown>) => readonly FieldError[],
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const unknown: FieldError[] = [];
  for (const [field, value] of Object.entries(body)) {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule !== undefined) input[rule.name] = rule.coerce(value, calendar);
    else if (!ignored.has(field)) unknown.push({ field, text: UNKNOWN_FIELD, asSent: true });
  }
  if (unknown.length > 0) throw invalidFields([...unknown, ...problems(input)]);
  return input;
}

/** Reads all parameters, and names every bad one. */
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

/** One of the documented words of a query parameter; absent or empty is the first of them. */
export function queryChoice<T extends string>(
  query: Raw,
  name: string,
  choices: readonly [T, ...T[]],
): T {
  const value = query[name];
  if (value === undefined || value === '') return choices[0];
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw invalidField(name, {
    en: `must be one of ${choices.join(', ')}`,
    zh: `必须是 ${choices.join('、')} 之一`,
  });
}

/** `page` and `per_page`; without either, the whole list. */
export function queryRange(query: Raw): { readonly limit: number | null; readonly offset: number } {
  const { page, perPage } = readAll({
    page: () => queryInteger(query, 'page', 1_000_000),
    perPage: () => queryInteger(query, 'per_page', 1000),
  });
  if (page === null && perPage === null) return { limit: null, offset: 0 };
  const limit = perPage ?? 100;
  return { limit, offset: ((page ?? 1) - 1) * limit };
}

function queryInteger(query: Raw, name: string, max: number): number | null {
  const value = query[name];
  if (value === undefined || value === '') return null;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= max) return number;
  throw invalidField(name, {
    en: `must be a whole number from 1 to ${max}`,
    zh: `必须是 1 到 ${max} 之间的整数`,
  });
}

/** A single text of a query parameter; absent or empty is null. */
export function queryText(query: Raw, name: string): string | null {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

import { type Calendar, parseInstant } from '../calendar.ts';
import { AppError, type FieldError, invalidField, invalidFields, type Text } from '../errors.ts';
import { isRepeatable } from '../secret-like.ts';

/** The raw fields of a body or a query string. */
export type Raw = Readonly<Record<string, unknown>>;

/**
 * Turns one raw value into what a resolver takes; one it cannot read is passed on, to be refused there.
 * undefined is not given.
 */
export type Coercion = (value: unknown, calendar: Calendar) => unknown;

const LAST_SECOND_MS = 1000;

export const asIs: Coercion = (value) => value;

/** What languages write for a null where there is only text. */
const NULL_WORDS = ['null', 'none'];

/** null for text that says so, in a field in which those words mean nothing else. */
const orNull =
  (coerce: Coercion): Coercion =>
  (value, calendar) =>
    typeof value === 'string' && NULL_WORDS.includes(value.trim().toLowerCase())
      ? null
      : coerce(value, calendar);

/**
 * Blank text is not given. For what no answer shows: a client that posts every field of its form cannot
 * know the value, and must not clear it by that.
 */
export const unlessBlank =
  (coerce: Coercion): Coercion =>
  (value, calendar) =>
    typeof value === 'string' && value.trim() === '' ? undefined : coerce(value, calendar);

/** A number, or a numeric string of a form; blank clears. */
export const asNumber: Coercion = orNull((value) => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return null;
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : value;
});

const SWITCH = new Map<string, boolean>([
  ...['1', 'true', 'on'].map((word) => [word, true] as const),
  ...['0', 'false', 'off'].map((word) => [word, false] as const),
]);

/** `0`, `1`, `true` or `false`, as a value or as text, or what a checkbox of a form sends. */
export const asBoolean: Coercion = (value) =>
  typeof value === 'string' || typeof value === 'number'
    ? (SWITCH.get(String(value).trim().toLowerCase()) ?? value)
    : value;

/** A list, or text with commas or spaces; the items of a list may be such text too. */
export const asList: Coercion = orNull((value) => {
  const items = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(items)) return value;
  return items.flatMap((item) =>
    typeof item === 'string' ? item.split(/[\s,]+/).filter((part) => part !== '') : [item],
  );
});

/** A WireGuard key; forms that are not encoded turn its plus signs into spaces. */
export const asKey: Coercion = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9+/ ]{43}=$/.test(value)
    ? value.replaceAll(' ', '+')
    : value;

/** A key that can be cleared. */
export const asClearableKey: Coercion = orNull(asKey);

/** A local date (its last second), a local time, or ISO 8601 with a zone; empty clears. */
export const asEndTime: Coercion = orNull((value, calendar) => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return null;
  const day = calendar.parseDay(text);
  if (day !== null) return new Date(calendar.addDays(day, 1).getTime() - LAST_SECOND_MS);
  return calendar.parseTime(text) ?? parseInstant(text) ?? value;
});

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

/** Stands for all names that may hold a secret, such as a key or the whole body. */
const UNREPEATED_FIELDS: FieldError = {
  field: 'body',
  text: {
    en: 'has unknown fields with long or unusual names, which are not repeated; send a JSON object or a form',
    zh: '含有名称过长或不寻常的未知字段，此处不重复其名称；请发送 JSON 对象或表单',
  },
};

/** Enough for every list and field that there is. */
const MAX_FIELDS = 256;

const TOO_MANY_FIELDS: Text = {
  en: `has more than ${MAX_FIELDS} fields`,
  zh: `的字段超过 ${MAX_FIELDS} 个`,
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
  const unknown: string[] = [];
  const fields = Object.entries(body);
  if (fields.length > MAX_FIELDS) throw invalidField('body', TOO_MANY_FIELDS);
  for (const [field, given] of fields) {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    const value = rule?.coerce(given, calendar);
    if (rule !== undefined && value !== undefined) input[rule.name] = value;
    if (rule === undefined && !ignored.has(field)) unknown.push(field);
  }
  if (unknown.length > 0) throw invalidFields([...unknownFields(unknown), ...problems(input)]);
  return input;
}

function unknownFields(names: readonly string[]): FieldError[] {
  const repeated = names
    .filter(isRepeatable)
    .map((field): FieldError => ({ field, text: UNKNOWN_FIELD, asSent: true }));
  return repeated.length === names.length ? repeated : [...repeated, UNREPEATED_FIELDS];
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
  const value = queryText(query, name);
  if (value === null) return choices[0];
  const found = choices.find((choice) => choice === value.toLowerCase());
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
  const value = queryText(query, name);
  if (value === null) return null;
  const number = /^\d{1,9}(\.0+)?$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= max) return number;
  throw invalidField(name, {
    en: `must be a whole number from 1 to ${max}`,
    zh: `必须是 1 到 ${max} 之间的整数`,
  });
}

/** A single text of a query parameter; absent or blank is null. */
export function queryText(query: Raw, name: string): string | null {
  const value = query[name] ?? '';
  if (typeof value === 'string') return value.trim() || null;
  throw invalidField(name, {
    en: 'must be given only once',
    zh: '只能提供一次',
  });
}

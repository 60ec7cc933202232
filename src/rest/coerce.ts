import { type Calendar, parseInstant } from '../domain/time/calendar.ts';

/** The raw fields of a body or query string. */
export type Raw = Readonly<Record<string, unknown>>;

/**
 * Converts a raw value to the type that the resolver expects. A value that cannot be converted is returned
 * unchanged, so that the resolver rejects it. undefined means absent.
 */
export type Coercion = (value: unknown, calendar: Calendar) => unknown;

const LAST_SECOND_MS = 1000;

export const asIs: Coercion = (value) => value;

/** How programming languages print null as text. */
const NULL_WORDS = ['null', 'none'];

/** Converts those words to null, in fields where they have no other meaning. */
const orNull =
  (coerce: Coercion): Coercion =>
  (value, calendar) =>
    typeof value === 'string' && NULL_WORDS.includes(value.trim().toLowerCase())
      ? null
      : coerce(value, calendar);

/**
 * Treats blank text as absent. For fields that no response contains: a client that posts all fields of a
 * form does not know their values, and must not clear them by accident.
 */
export const unlessBlank =
  (coerce: Coercion): Coercion =>
  (value, calendar) =>
    typeof value === 'string' && value.trim() === '' ? undefined : coerce(value, calendar);

/** A number or a numeric string; blank clears the value. */
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

/** `0`, `1`, `true` or `false`, as a value or as text, or the value of an HTML checkbox. */
export const asBoolean: Coercion = (value) =>
  typeof value === 'string' || typeof value === 'number'
    ? (SWITCH.get(String(value).trim().toLowerCase()) ?? value)
    : value;

/** A list, or text separated by commas or spaces; items of a list may be such text too. */
export const asList: Coercion = orNull((value) => {
  const items = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(items)) return value;
  return items.flatMap((item) =>
    typeof item === 'string' ? item.split(/[\s,]+/).filter((part) => part !== '') : [item],
  );
});

/** A WireGuard key. Decoding a form that was not percent-encoded turns its plus signs into spaces. */
export const asKey: Coercion = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9+/ ]{43}=$/.test(value)
    ? value.replaceAll(' ', '+')
    : value;

/** A key that can be cleared. */
export const asClearableKey: Coercion = orNull(asKey);

/** A local date (its last second), a local time, or ISO 8601 with an offset; blank clears the value. */
export const asEndTime: Coercion = orNull((value, calendar) => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return null;
  const day = calendar.parseDay(text);
  if (day !== null) return new Date(calendar.addDays(day, 1).getTime() - LAST_SECOND_MS);
  return calendar.parseTime(text) ?? parseInstant(text) ?? value;
});

/** A local date (its start), a local time, or ISO 8601 with an offset. */
export const asStartTime: Coercion = (value, calendar) => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return calendar.parseDay(text) ?? calendar.parseTime(text) ?? parseInstant(text) ?? value;
};

/** The exclusive end of a range: the end of a local date, so that the whole day is included, or a time. */
export const asUntilTime: Coercion = (value, calendar) => {
  const day = typeof value === 'string' ? calendar.parseDay(value.trim()) : null;
  return day === null ? asStartTime(value, calendar) : calendar.addDays(day, 1);
};

/** Text, or a number sent in place of text, such as a phone number. */
export const asText: Coercion = (value) => (Number.isFinite(value) ? String(value) : value);

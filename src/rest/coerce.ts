import { type Calendar, parseInstant } from '../domain/time/calendar.ts';

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

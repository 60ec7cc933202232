import { locale, t } from './i18n.ts';
import { timeOfWall } from './zone-time.ts';

let zone = 'UTC';

/** All times are shown in the time zone of the server, whose days and months the figures are of. */
export function setTimeZone(name: string): void {
  zone = name;
  formats.clear();
}

export const timeZone = (): string => zone;

type When = Date | number | string;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(when: When, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale()}${JSON.stringify(options)}`;
  const known =
    formats.get(key) ??
    new Intl.DateTimeFormat(locale(), { hourCycle: 'h23', ...options, timeZone: zone });
  formats.set(key, known);
  return known.format(new Date(when));
}

export const day = (when: When): string => format(when, { month: 'short', day: 'numeric' });

export const weekday = (when: When): string =>
  format(when, { weekday: 'short', month: 'short', day: 'numeric' });

export const month = (when: When): string => format(when, { year: 'numeric', month: 'short' });

/** As "Friday, 27 November 2026", for a heading. */
export const fullDay = (when: When): string => format(when, { dateStyle: 'full' });

export const date = (when: When): string => format(when, { dateStyle: 'medium' });

export const clockTime = (when: When): string =>
  format(when, { hour: '2-digit', minute: '2-digit' });

export const clockTimeWithSeconds = (when: When): string =>
  format(when, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const dateTime = (when: When): string =>
  format(when, { dateStyle: 'medium', timeStyle: 'short' });

/** For the hover text: with seconds and the time zone. */
export const exactTime = (when: When): string =>
  `${format(when, { dateStyle: 'full', timeStyle: 'medium' })} ${zone}`;

/** The calendar day in the time zone of the server, as 2026-11-27. */
export function dayKey(when: When): string {
  const key = `day ${zone}`;
  const known =
    formats.get(key) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  formats.set(key, known);
  return known.format(new Date(when));
}

/** How exactly the clock of the server is known here. */
const CLOCKS_DIFFER_S = 5;

const STEPS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

/** As "3 minutes ago" or "in 2 days". */
export function relative(when: When, nowMs: number): string {
  const seconds = (new Date(when).getTime() - nowMs) / 1000;
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  if (unit === 'second') return t(seconds <= CLOCKS_DIFFER_S ? 'time.justNow' : 'time.soon');
  const known =
    relativeFormats.get(locale()) ??
    new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' });
  relativeFormats.set(locale(), known);
  return known.format(Math.trunc(seconds / length), unit);
}

/** The two largest units, as "2 h 5 min". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3_600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown
    .filter(([amount], index) => amount > 0 || index === 0)
    .map(([amount, unit]) =>
      new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'short' }).format(amount),
    )
    .join(' ');
}

/** The midnight at which the month of this time began. */
export const startOfMonth = (when: When): number => midnightOf(`${dayKey(when).slice(0, 7)}-01`);

/** The midnight at which the day of this time began. */
export const startOfDay = (when: When): number => midnightOf(dayKey(when));

/** Of a day that is there, so there is one. */
const midnightOf = (day: string): number => timeOfWall(`${day}T00:00`, zone) as number;

import type { Text } from '../../domain/errors.ts';
import { quoted } from '../../domain/secret-like.ts';
import type { Calendar } from '../../domain/time/calendar.ts';
import { expiryOf } from '../expiry.ts';
import { kilobytesPerSecondOf, megabytesOf } from './amounts.ts';

export interface LimitOptions {
  readonly quota?: string;
  readonly period?: string;
  readonly bandwidth?: string;
  readonly expires?: string;
}

/** How an option is read. */
interface Limit {
  /** The field of `UpdateUserInput`. */
  readonly field: string;
  /** undefined if the text is none of `values`. */
  readonly parse: (text: string, now: Date, calendar: Calendar) => unknown;
  readonly values: Text;
}

const PERIODS: ReadonlyMap<string, string> = new Map([
  ['day', 'DAY'],
  ['week', 'WEEK'],
  ['month', 'MONTH'],
  ['none', 'NONE'],
]);

const LIMITS: { readonly [Option in keyof LimitOptions]-?: Limit } = {
  quota: {
    field: 'dataLimit',
    parse: (text) => (text === 'off' ? 0 : (megabytesOf(text) ?? undefined)),
    values: { en: '50G or off', zh: '50G 或 off' },
  },
  period: {
    field: 'quotaPeriod',
    parse: (text) => PERIODS.get(text),
    values: { en: 'day, week, month or none', zh: 'day、week、month 或 none' },
  },
  bandwidth: {
    field: 'bandwidthLimit',
    parse: (text) => (text === 'off' ? 0 : (kilobytesPerSecondOf(text) ?? undefined)),
    values: { en: '10M (Mbit/s) or off', zh: '10M（Mbit/s）或 off' },
  },
  expires: {
    field: 'expiresAt',
    parse: (text, now, calendar) =>
      text === 'never' ? null : (expiryOf(text, now, calendar) ?? undefined),
    values: { en: '2027-06-30, 30d or never', zh: '2027-06-30、30d 或 never' },
  },
};

/** The fields of `UpdateUserInput` that the options set, or what is wrong with the first wrong one. */
export function limitsIn(options: LimitOptions, now: Date, calendar: Calendar): object | Text {
  const input: Record<string, unknown> = {};
  for (const [name, { field, parse, values }] of Object.entries(LIMITS)) {
    const text = options[name as keyof LimitOptions];
    if (text === undefined) continue;
    const value = parse(text, now, calendar);
    if (value === undefined) return wrong(`--${name}`, text, values);
    input[field] = value;
  }
  return Object.keys(input).length === 0 ? NOTHING : input;
}

const NOTHING: Text = {
  en: 'Specify at least one of --quota, --period, --bandwidth and --expires.',
  zh: '请至少指定 --quota、--period、--bandwidth、--expires 之一。',
};

function wrong(option: string, value: string, { en, zh }: Text): Text {
  return {
    en: `${option} must be ${en}, but is ${quoted(value)}.`,
    zh: `${option} 必须是 ${zh}，现在是 ${quoted(value)}。`,
  };
}

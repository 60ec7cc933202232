import { END_REASONS } from './tracking/end-reason.ts';

/** The words that the reason of an event can consist of, beside numbers and sentences. */
export const EVENT_REASONS = [
  ...END_REASONS,
  'ALLOWED_IPS',
  'PERSISTENT_KEEPALIVE',
  'PRESHARED_KEY',
  'RECREATED',
  'RENAMED',
  'SATURATED',
  'BANDWIDTH',
  'DAY',
  'WEEK',
  'MONTH',
] as const;
export type EventReason = (typeof EVENT_REASONS)[number];

const KNOWN: ReadonlySet<string> = new Set(EVENT_REASONS);

/** The words of a reason; empty if it is a number or a sentence, or there is none. */
export function reasonsIn(reason: string | null): EventReason[] {
  const words = reason?.split(',') ?? [];
  return words.every((word) => KNOWN.has(word)) ? (words as EventReason[]) : [];
}

import { timeZone } from './times.ts';
import { timeOfWall } from './zone-time.ts';

const DAY_MS = 86_400_000;

/** The first moment of a calendar day (as 2026-11-27) in the time zone of the server; null if it is not a day. */
export const beginOfDay = (key: string): Date | null => midnightAfter(key, 0);

/** The first moment after a calendar day. */
export const endOfDay = (key: string): Date | null => midnightAfter(key, 1);

function midnightAfter(key: string, days: number): Date | null {
  const utc = /^\d{4}-\d\d-\d\d$/.test(key) ? Date.parse(key) : Number.NaN;
  if (Number.isNaN(utc)) return null;
  const day = new Date(utc + days * DAY_MS).toISOString().slice(0, 10);
  const ms = timeOfWall(`${day}T00:00`, timeZone());
  return ms === null ? null : new Date(ms);
}

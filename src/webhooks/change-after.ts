import { delayAfter } from '../domain/webhook/schedule.ts';
import type { QueueChange } from '../store/webhook/delivery.ts';
import type { QueueRecord } from '../store/webhook/records.ts';
import type { Outcome } from './attempt.ts';

/** The receiver says that it does not want messages any more. */
const GONE = 410;

/** What follows from an attempt for the next event of a queue. `random` is from 0 to 1. */
export function changeAfter(
  { ok, statusCode, askedMs, at }: Pick<Outcome, 'ok' | 'statusCode' | 'askedMs' | 'at'>,
  { attempt, failingSince }: Pick<QueueRecord, 'attempt' | 'failingSince'>,
  eventId: number,
  { nowMs, random }: { readonly nowMs: number; readonly random: number },
): QueueChange {
  if (ok) return { kind: 'next', cursor: eventId };
  const now = new Date(nowMs);
  if (statusCode === GONE) return { kind: 'end', reason: 'GONE', at: now };
  const delayMs = delayAfter(attempt + 1, random, askedMs);
  if (delayMs === null) return { kind: 'end', reason: 'FAILED', at: now };
  const nextAt = new Date(nowMs + delayMs);
  return { kind: 'retry', attempt: attempt + 1, nextAt, failingSince: failingSince ?? at };
}

import { BYTES_PER_MB } from '../domain/bytes.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { SeedSession, SeedUser } from '../store/seed-history.ts';
import { PEOPLE, type Person } from './people.ts';
import { newEndpoint, randomNumbers } from './random.ts';

const DAYS = 365;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** On one day of five, a person does not connect. */
const PRESENCE = 0.8;

/** The longest session, and the share of it that the shortest has. */
const LONGEST_HOURS = 3;
const SHORTEST = 0.1;

/** The year before now: the same each time, but for the day on which it ends. */
export function demoHistory(nowMs: number, calendar: Calendar): SeedUser[] {
  const random = randomNumbers(20_26);
  return PEOPLE.map((person) => userOf(person, nowMs, calendar, random));
}

function userOf(person: Person, nowMs: number, calendar: Calendar, random: () => number): SeedUser {
  const { limits } = person;
  const at = (days: number) => calendar.startOfDay(new Date(nowMs + days * DAY_MS));
  const expiresAt = limits.expiresInDays === undefined ? null : at(limits.expiresInDays);
  const endMs = Math.min(nowMs, expiresAt?.getTime() ?? nowMs);
  const sessions: SeedSession[] = [];
  for (let day = -DAYS; day <= 0; day++) {
    const dayMs = at(day).getTime();
    for (const session of sessionsOf(person, dayMs, random)) {
      if (session.endMs < endMs) sessions.push(session);
    }
  }
  return {
    publicKey: person.publicKey,
    nickname: person.name,
    mail: person.mail,
    note: person.note,
    owner: person.owner,
    tags: person.tags,
    interface: person.interface,
    allowedIps: person.address,
    enabled: limits.disabled !== true,
    missing: limits.missing === true,
    dataLimit: limits.usedUp ? usedMb(sessions) : (limits.dataLimit ?? 0),
    quotaPeriod: limits.quotaPeriod ?? 'NONE',
    bandwidthLimit: limits.bandwidthLimit ?? 0,
    expiresAt,
    createdAt: at(-DAYS),
    sessions,
  };
}

/** Whole MB, so that what was used is a little more. */
function usedMb(sessions: readonly SeedSession[]): number {
  return Math.floor(sessions.reduce((sum, { rx, tx }) => sum + rx + tx, 0) / Number(BYTES_PER_MB));
}

/** The sessions that a person begins on a day, one after another. */
function* sessionsOf(
  { hours: [from, to], sessionsADay, bytesAnHour }: Person,
  dayMs: number,
  random: () => number,
): Generator<SeedSession> {
  if (random() > PRESENCE) return;
  const stepMs = ((to - from) * HOUR_MS) / sessionsADay;
  for (let number = 0; number < sessionsADay; number++) {
    const startMs = dayMs + from * HOUR_MS + (number + random() / 2) * stepMs;
    const hours = Math.min((SHORTEST + random()) * LONGEST_HOURS, stepMs / HOUR_MS / 2);
    const bytes = Math.round(hours * bytesAnHour * (SHORTEST + random()));
    yield {
      startMs: Math.round(startMs),
      endMs: Math.round(startMs + hours * HOUR_MS),
      rx: Math.round(bytes / 8),
      tx: bytes,
      endpoint: newEndpoint(random),
    };
  }
}

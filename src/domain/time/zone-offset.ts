import { Temporal } from 'temporal-polyfill';

/** A time in which a zone's clock is not turned; the first and the last have no end. */
export interface Stretch {
  readonly fromMs: number;
  /** The first instant after it. */
  readonly untilMs: number;
  /** What the zone's clock shows more than UTC. */
  readonly offsetMs: number;
}

/** Those of thirty years; a list is about fewer, and a longer series asks in order. */
const MAX_KNOWN = 64;

/**
 * Answers the stretch that holds an instant. Each is asked of the zone's rules once: that takes as long as
 * a thousand steps of arithmetic, and a list holds 40 000 times. Throws a RangeError for no zone.
 */
export function stretchesOf(timeZone: string): (ms: number) => Stretch {
  const known: Stretch[] = [];
  return (ms) => {
    const found = known.find(({ fromMs, untilMs }) => fromMs <= ms && ms < untilMs);
    if (found !== undefined) return found;
    const stretch = stretchAt(timeZone, ms);
    known.unshift(stretch);
    known.splice(MAX_KNOWN);
    return stretch;
  };
}

function stretchAt(timeZone: string, ms: number): Stretch {
  const zoned = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const local = zoned(ms);
  // The turn before is one before the instant itself, which may be a turn.
  const turn = zoned(ms + 1).getTimeZoneTransition('previous');
  const next = local.getTimeZoneTransition('next');
  return {
    fromMs: turn?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    untilMs: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs: local.offsetNanoseconds / 1e6,
  };
}

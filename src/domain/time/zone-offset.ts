import { Temporal } from 'temporal-polyfill';

/** A period with a constant UTC offset. The first one has no start, the last one no end. */
export interface Stretch {
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
  /** Local time minus UTC. */
  readonly offsetMs: number;
}

/** The periods of about thirty years. A list covers fewer, and a longer series is computed in order. */
const MAX_KNOWN = 64;

/**
 * Returns a function that finds the period that contains an instant. Results are cached: looking up the
 * zone's rules costs as much as a thousand additions, and a list has up to 40 000 times. Throws a RangeError
 * if the zone does not exist.
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
  // `previous` excludes the given instant, which may itself be a transition.
  const turn = zoned(ms + 1).getTimeZoneTransition('previous');
  const next = local.getTimeZoneTransition('next');
  return {
    fromMs: turn?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    untilMs: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs: local.offsetNanoseconds / 1e6,
  };
}

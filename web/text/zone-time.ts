/** Times of a time zone as `<input type="datetime-local">` has them, such as 2026-11-27T18:30. */

const FIRST_MS = Date.parse('1970-01-02T00:00Z');
const LAST_MS = Date.parse('9999-01-01T00:00Z');

/** The wall clock of the zone at this time. */
export function wallTimeOf(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  }).formatToParts(ms);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/**
 * The time at which the clock of the zone shows this; of a time that is skipped, the one as long after the change. null if
 * it is not a time, or of a year that is being typed.
 */
export function timeOfWall(text: string, timeZone: string): number | null {
  const asUtc = Date.parse(`${text}:00Z`);
  if (!(asUtc >= FIRST_MS && asUtc < LAST_MS)) return null;
  let ms = asUtc;
  // The second round corrects an offset that was that of the other side of a change of the clocks.
  for (let round = 0; round < 2; round += 1) {
    const offset = Date.parse(`${wallTimeOf(ms, timeZone)}:00Z`) - ms;
    ms = asUtc - offset;
  }
  return ms;
}

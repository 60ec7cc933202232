import type { Instant } from '../../domain/time/clock.ts';
import { type Handshake, NO_HANDSHAKE } from '../../domain/tracking/tracker-state.ts';
import { EPOCH_FLOOR_S } from '../../domain/wireguard/snapshot.ts';

/** Ages are reported in whole seconds and read at two different moments, so they vary by this much. */
const AGE_WOBBLE_MS = 2_000;

/**
 * Interprets a reported handshake value. `previous` is returned unchanged while the value stays the same, so
 * that a jump of the wall clock makes no handshake younger. A changed value belongs to a handshake completed
 * since the interface was last read, so its age is between zero and `gapMs` whatever the wall clock says; at
 * the first read (`gapMs` null), and after a gap longer than the online window, a time in the future proves
 * nothing until it changes.
 */
export function readHandshake(
  previous: Handshake,
  reported: number | null,
  now: Instant,
  gapMs: number | null,
  onlineMs: number,
): Handshake {
  if (reported === null) return previous;
  if (reported === 0) return NO_HANDSHAKE;
  if (reported < EPOCH_FLOOR_S) return readAge(previous, reported, now);
  if (reported === previous.epochSeconds) return previous;

  const ageMs = now.wallMs - reported * 1000;
  const isBounded = gapMs !== null && gapMs <= onlineMs;
  if (ageMs < 0 && !isBounded) return { epochSeconds: reported, completedMs: null };
  const trustedAgeMs = Math.max(0, Math.min(ageMs, gapMs ?? ageMs));
  return { epochSeconds: reported, completedMs: now.monotonicMs - trustedAgeMs };
}

function readAge(previous: Handshake, ageSeconds: number, now: Instant): Handshake {
  const completedMs = now.monotonicMs - ageSeconds * 1000;
  const isSame =
    previous.completedMs !== null && Math.abs(completedMs - previous.completedMs) <= AGE_WOBBLE_MS;
  if (isSame) return previous;
  return { epochSeconds: Math.floor(now.wallMs / 1000) - ageSeconds, completedMs };
}

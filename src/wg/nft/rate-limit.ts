/** The parameters of a kernel `limit` object. */
export interface RateLimit {
  /** Bytes a second. */
  readonly rate: bigint;
  /** Bytes in addition to those of one second. */
  readonly burst: bigint;
}

/**
 * The kernel stores (rate + burst) × 10^9 in 64 bits, and releases before 6.8 do not detect an overflow. 8
 * GiB/s is more than a tunnel carries on today's machines.
 */
const MAX_RATE = 2n ** 33n;
const MIN_RATE = 1n;

const BURST = 64n * 1024n;

/**
 * The bucket for a limit in bytes a second: the rate, and 64 KiB on top for every rate.
 *
 * In the kernel a bucket of bytes holds `rate` + `burst`, that is one second's worth and the burst.
 * With segmentation offload a packet from or to a tunnel has up to 64 KiB, and one that never fits
 * is dropped for ever: without the burst TCP towards a client limited to 40 KB/s came to 66 % of
 * it, with 16 KiB to 84 %, with 64 KiB to 92 to 97 %. More is only given away: TCP limited to
 * 10 KB/s was, from 2 to 12 s after its start, 36 KiB above its limit with 128 KiB, 9 with 64.
 * Faster limits need no more, the second's worth is enough: at 10 MB/s TCP came to 84 to 96 % with
 * 64 KiB, and to 85 to 96 % with 1, 5 and 10 MiB.
 */
export function rateLimitFor(bytesPerSecond: bigint): RateLimit {
  return { rate: clamp(bytesPerSecond, MIN_RATE, MAX_RATE), burst: BURST };
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least;
  return value > most ? most : value;
}

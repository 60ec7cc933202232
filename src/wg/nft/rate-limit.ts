/** The parameters of a kernel `limit` object. */
export interface RateLimit {
  /** Bytes per second. */
  readonly rate: bigint;
  /** Bytes in addition to those of one second. */
  readonly burst: bigint;
}

/**
 * The kernel stores (rate + burst) × 10^9 in 64 bits, and releases before 6.8 do not detect an overflow.
 * 8 GiB/s is more than a tunnel can transfer on current hardware.
 */
const MAX_RATE = 2n ** 33n;
const MIN_RATE = 1n;

const BURST = 64n * 1024n;

/**
 * The rate limit for a number of bytes per second: that rate, with a burst of 64 KiB.
 *
 * The kernel's token bucket holds `rate` + `burst`, that is, the bytes of one second and the burst. With
 * segmentation offload, a packet from or to a tunnel has up to 64 KiB, and a packet larger than the bucket
 * is always dropped. TCP to a client limited to 40 KB/s reached 66 % of the limit without a burst, 84 % with
 * 16 KiB, and 92 to 97 % with 64 KiB. A larger burst only allows more than the limit: from 2 to 12 s after
 * its start, TCP limited to 10 KB/s was 36 KiB above the limit with 128 KiB, and 9 KiB with 64. Higher limits
 * need no larger burst: at 10 MB/s TCP reached 84 to 96 % with 64 KiB, and 85 to 96 % with 1, 5 and 10 MiB.
 */
export function rateLimitFor(bytesPerSecond: bigint): RateLimit {
  return { rate: clamp(bytesPerSecond, MIN_RATE, MAX_RATE), burst: BURST };
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least;
  return value > most ? most : value;
}

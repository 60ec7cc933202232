/** What a kernel `limit` object is made of. */
export interface Bucket {
  /** Bytes a second. */
  readonly rate: bigint;
  /** Bytes on top of one second's worth. */
  readonly burst: bigint;
}

/**
 * The kernel keeps (rate + burst) × 10^9 in 64 bits, and releases before 6.8 do not notice when
 * that overflows. 8 GiB/s is more than a tunnel of today's machines carries.
 */
const MAX_RATE = 2n ** 33n;
const MIN_RATE = 1n;

const MIN_BURST = 64n * 1024n;

/** The bucket for a limit in bytes a second. */
export function bucketFor(bytesPerSecond: bigint): Bucket {
  const rate = clamp(bytesPerSecond, MIN_RATE, MAX_RATE);
  return { rate, burst: MIN_BURST };
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least;
  return value > most ? most : value;
}

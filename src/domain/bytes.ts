/**
 * The largest byte count that can be stored: integers in SQLite and Prisma are signed 64-bit numbers.
 * A WireGuard counter above it (9 exabytes) is invalid, and sums stop here instead of wrapping around.
 */
export const MAX_BYTES = 2n ** 63n - 1n;

/** Adds byte counts; the sum is at most `MAX_BYTES`. */
export function addBytes(a: bigint, b: bigint): bigint {
  const sum = a + b;
  return sum > MAX_BYTES ? MAX_BYTES : sum;
}

/** The number of bytes in 1 KB, as both APIs count it. */
export const BYTES_PER_KB = 1024n;

/** The number of bytes in 1 MB, as both APIs count it. */
export const BYTES_PER_MB = 1024n * 1024n;

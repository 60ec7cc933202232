/**
 * The largest byte count that is stored: SQLite's and Prisma's integers are signed 64-bit. A raw
 * WireGuard counter above it cannot be real (9 exabytes), and sums stop here instead of wrapping.
 */
export const MAX_BYTES = 2n ** 63n - 1n;

/** Adds byte counts, and stays at the largest one that can be stored. */
export function addBytes(a: bigint, b: bigint): bigint {
  const sum = a + b;
  return sum > MAX_BYTES ? MAX_BYTES : sum;
}

/** `1 KB`, in bytes, wherever the API speaks of KB. */
export const BYTES_PER_KB = 1024n;

/** `1 MB`, in bytes, wherever the API speaks of MB. */
export const BYTES_PER_MB = 1024n * 1024n;

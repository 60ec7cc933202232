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

/** Bytes in each direction. */
export interface ByteCount {
  readonly rx: bigint;
  readonly tx: bigint;
}

/** Adds byte counts in each direction; the sums are at most `MAX_BYTES`. */
export function sumOfBytes(counts: readonly ByteCount[]): ByteCount {
  let [rx, tx] = [0n, 0n];
  for (const count of counts) [rx, tx] = [addBytes(rx, count.rx), addBytes(tx, count.tx)];
  return { rx, tx };
}

/** The number of bytes in 1 KB, as both APIs count it. */
export const BYTES_PER_KB = 1024n;

/** The number of bytes in 1 MB, as both APIs count it. */
export const BYTES_PER_MB = 1024n * 1024n;

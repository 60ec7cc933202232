/**
 * The value, or null where the system refuses it or does not have it. For files of /proc, /sys and /run:
 * they are in memory, so they are read at once. Handed to the thread pool, each would come back a turn of
 * the event loop later, and a reading of several would be late whenever many clients are served.
 */
export function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** The value, or null where the system does not have it; every other failure is one. */
export function orNullIfAbsent<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENODEV and EINVAL: a network device that was removed while its files were read.
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'EINVAL') return null;
    throw error;
  }
}

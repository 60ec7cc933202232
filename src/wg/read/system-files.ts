/**
 * The value, or null if the system refuses access or does not have it. For files of /proc, /sys and /run:
 * they are in memory, so they are read synchronously. In the thread pool, each read would return one turn of
 * the event loop later, and a snapshot, which needs several, would be late whenever many clients are served.
 */
export function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** The value, or null if the system does not have it; any other failure is thrown. */
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

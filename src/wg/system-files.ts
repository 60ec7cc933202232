/** The value, or null where the system refuses it or does not have it. */
export async function orNull<T>(value: Promise<T>): Promise<T | null> {
  try {
    return await value;
  } catch {
    return null;
  }
}

/** The value, or null where the system does not have it; every other failure is one. */
export async function orNullIfAbsent<T>(value: Promise<T>): Promise<T | null> {
  try {
    return await value;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENODEV and EINVAL: a network device that was removed while its files were read.
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'EINVAL') return null;
    throw error;
  }
}

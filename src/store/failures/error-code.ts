/** The maximum depth of wrapped failures: Prisma, its adapter, the driver. */
const MAX_DEPTH = 5;

/** The error code of the system or of SQLite in a failure or its causes, or null. */
export function errorCodeOf(error: unknown): string | null {
  let current = error;
  for (let depth = 0; depth < MAX_DEPTH && isObject(current); depth++) {
    const found = [current.originalCode, current.code].find(isSystemCode);
    if (found !== undefined) return found;
    current = current.cause ?? adapterErrorOf(current.meta);
  }
  return null;
}

/** The database cannot be read as one: its pages or its header are wrong. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(errorCodeOf(error) ?? '');
}

function adapterErrorOf(meta: unknown): unknown {
  return isObject(meta) ? meta.driverAdapterError : undefined;
}

function isSystemCode(code: unknown): code is string {
  return typeof code === 'string' && /^(SQLITE_|ERR_|E[A-Z0-9]+$)/.test(code);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

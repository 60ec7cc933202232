const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;
const STEP = 1024;

/** Formats bytes with three digits and the unit: 1 KB = 1024 bytes. */
export function sizeOf(bytes: bigint | number): string {
  let [value, unit] = [Number(bytes), 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/**
 * Parses an amount such as 50G, 1.5 TB or 800M as MB (1 MB = 1024 KB), at least 1; null if it is none, or
 * zero, which would mean no limit.
 */
export function megabytesOf(text: string): number | null {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?) ?([MGT])i?B?$/i.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) return null;
  const steps = 'MGT'.indexOf(unit.toUpperCase());
  return Math.max(1, Math.round(Number(count) * STEP ** steps));
}

/**
 * Parses a rate such as 10M, 500k or 1.5Gbit/s, in bits per second of powers of ten, as KB/s, at least 1;
 * null if it is none, or zero.
 */
export function kilobytesPerSecondOf(text: string): number | null {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?) ?([kMG])(?:bit(?:\/s)?|bps)?$/i.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) return null;
  const bits = Number(count) * 1000 ** ('KMG'.indexOf(unit.toUpperCase()) + 1);
  return Math.max(1, Math.round(bits / 8 / STEP));
}

/** Formats KB/s as the rate of a line: bits per second, powers of ten. */
export function rateOf(kilobytesPerSecond: number): string {
  const bits = kilobytesPerSecond * STEP * 8;
  const [unit, size] =
    bits >= 1e9 ? ['Gbit/s', 1e9] : bits >= 1e6 ? ['Mbit/s', 1e6] : ['kbit/s', 1e3];
  return `${Number((bits / (size as number)).toPrecision(3))} ${unit}`;
}

/** The API counts data limits in MB of 1048576 bytes and bandwidth limits in KB/s of 1024 bytes. */
const MB = 1_048_576;
const KB = 1_024;

/** The largest number that the API accepts. */
const MAX_INT = 2_147_483_647;

export const DATA_UNITS = { MB, GB: MB * 1024, TB: MB * 1024 * 1024 } as const;
export type DataUnit = keyof typeof DATA_UNITS;

/** Bits per second, in decimal units as networks are sold. */
export const RATE_UNITS = { 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 } as const;
export type RateUnit = keyof typeof RATE_UNITS;

/** A number as it is written, with its unit. */
export interface Amount<Unit extends string> {
  readonly number: string;
  readonly unit: Unit;
}

/** The limit in MB for the API; 0 for an empty text, which means no limit; null if it is not a number. */
export function dataLimitOf({ number, unit }: Amount<DataUnit>): number | null {
  const bytes = positive(number, DATA_UNITS[unit]);
  return bytes === null ? null : limitOf(bytes / MB);
}

/** The limit in KB/s for the API; 0 for an empty text, which means no limit; null if it is not a number. */
export function bandwidthLimitOf({ number, unit }: Amount<RateUnit>): number | null {
  const bits = positive(number, RATE_UNITS[unit]);
  return bits === null ? null : limitOf(bits / 8 / KB);
}

function positive(text: string, factor: number): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return Number.isFinite(value) && value >= 0 ? value * factor : null;
}

/** Never 0 for a limit that is not 0: that would mean none. */
function limitOf(value: number): number | null {
  if (value === 0) return 0;
  const rounded = Math.max(1, Math.round(value));
  return rounded <= MAX_INT ? rounded : null;
}

/** A limit of the API in the largest unit in which it is a short number. */
export function dataAmountOf(limitMb: number): Amount<DataUnit> {
  if (limitMb === 0) return { number: '', unit: 'GB' };
  const units = ['TB', 'GB', 'MB'] as const;
  const bytes = limitMb * MB;
  const unit = units.find((one) => isShort(bytes / DATA_UNITS[one]) && bytes >= DATA_UNITS[one]);
  return { number: textOf(bytes / DATA_UNITS[unit ?? 'MB']), unit: unit ?? 'MB' };
}

/** A limit in KB/s is rarely a short number of bits, so it is rounded, unless that gives another limit. */
export function bandwidthAmountOf(limitKb: number): Amount<RateUnit> {
  if (limitKb === 0) return { number: '', unit: 'Mbit/s' };
  const bits = limitKb * KB * 8;
  const unit = bits >= 1e9 ? 'Gbit/s' : bits >= 1e6 ? 'Mbit/s' : 'kbit/s';
  for (const digits of [0, 1, 2, 3, 4, 5, 6]) {
    const number = textOf(Number((bits / RATE_UNITS[unit]).toFixed(digits)));
    if (bandwidthLimitOf({ number, unit }) === limitKb) return { number, unit };
  }
  return { number: textOf(bits / RATE_UNITS[unit]), unit };
}

const isShort = (value: number) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-9;

const textOf = (value: number) => String(Number(value.toFixed(6)));

export const bytesOfDataLimit = (limitMb: number): number => limitMb * MB;
export const bytesOfBandwidthLimit = (limitKb: number): number => limitKb * KB;

import { locale, t } from './i18n.ts';

/** 1 KB = 1024 bytes, as in the API. */
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

const formats = new Map<string, Intl.NumberFormat>();

/** A format takes longer to make than hundreds of numbers take to write. */
function format(value: number | bigint, options: Intl.NumberFormatOptions): string {
  const key = `${locale()}${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(locale(), options);
  formats.set(key, known);
  return known.format(value);
}

export const count = (value: number): string => format(value, {});

/** What is not yet the whole is at most 99 %. */
export const percent = (share: number): string =>
  format(share < 1 ? Math.min(share, 0.99) : share, {
    style: 'percent',
    maximumFractionDigits: 0,
  });

/** Three significant digits, as 12.3 GB. */
export function bytes(value: number | bigint): string {
  let rest = Number(value);
  let unit = 0;
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${short(rest)} ${UNITS[unit]}`;
}

export const exactBytes = (value: number | bigint): string =>
  t('bytes.exact', { bytes: format(value, {}) });

/** Bits per second in decimal units, as networks are measured. */
export function bitRate(bytesPerSecond: number): string {
  let rest = bytesPerSecond * 8;
  let unit = 0;
  while (rest >= 999.5 && unit < 3) {
    rest /= 1000;
    unit += 1;
  }
  return `${short(rest)} ${['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'][unit]}`;
}

function short(value: number): string {
  if (value === 0) return '0';
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return format(value, { maximumFractionDigits: digits });
}

import { bitRate, bytes, exactBytes } from '../text/numbers.ts';
import { clockTime, dateTime, dayKey, exactTime, relative } from '../text/times.ts';
import { useNow } from './use-now.ts';

/** A volume as people write it, exact when pointed at. */
export function Bytes({ value }: { readonly value: number | bigint | string }) {
  const exact = typeof value === 'string' ? BigInt(value) : value;
  return (
    <span className="nowrap" title={exactBytes(exact)}>
      {bytes(exact)}
    </span>
  );
}

export function BitRate({ bytesPerSecond }: { readonly bytesPerSecond: number }) {
  return <span className="nowrap">{bitRate(bytesPerSecond)}</span>;
}

/** A time as "3 minutes ago", exact when pointed at. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow(10_000);
  return (
    <time dateTime={at} title={exactTime(at)} className="nowrap">
      {relative(at, now)}
    </time>
  );
}

/** The clock time for today, otherwise the day as well. */
export function When({ at }: { readonly at: string }) {
  const now = useNow(60_000);
  return (
    <time dateTime={at} title={exactTime(at)} className="nowrap">
      {dayKey(at) === dayKey(now) ? clockTime(at) : dateTime(at)}
    </time>
  );
}

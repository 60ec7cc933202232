import { useEffect, useState } from 'react';
import { codeOf, type Failure, useData } from '../api/client.ts';
import { TrafficDocument } from '../api/generated/first/graphql.ts';
import { coarser, type Times } from './range.ts';
import type { BarLength, TrafficBar } from './traffic-bars.tsx';

export interface TrafficOptions {
  /** null: all users together. */
  readonly userId: string | null;
  /** null: not known yet. */
  readonly times: Times | null;
  /** The length of a bar if the server still has bars of that length. */
  readonly bucket: BarLength;
  /** Read again when this changes. */
  readonly renewal: number;
}

export interface Traffic {
  /** null while they are read. */
  readonly bars: readonly TrafficBar[] | null;
  readonly bucket: BarLength;
  readonly error: Failure | null;
  readonly again: () => void;
}

/** The traffic of a range, in the finest bars that the server has of it: of old traffic only longer ones are kept. */
export function useTraffic({ userId, times, bucket: wanted, renewal }: TrafficOptions): Traffic {
  const [bucket, setBucket] = useState(wanted);
  const { from = null, to = null } = times ?? {};
  const { data, error, again } = useData(
    TrafficDocument,
    { bucket, userId, from, to },
    { pause: times === null },
  );
  const isTooOld = error !== undefined && codeOf(error) === 'INVALID_ARGUMENT';
  const next = isTooOld ? coarser(bucket) : null;
  useEffect(() => {
    if (next !== null) setBucket(next);
  }, [next]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again as time goes on, and for no other reason.
  useEffect(() => {
    if (to === null && data !== undefined) again();
  }, [renewal]);
  const isFailure = error !== undefined && data === undefined && next === null;
  return { bars: data?.traffic ?? null, bucket, error: isFailure ? error : null, again };
}

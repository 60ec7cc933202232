import { useMemo } from 'react';
import { useData } from '../api/client.ts';
import { GapsDocument } from '../api/generated/first/graphql.ts';
import { serverNow } from '../api/server-clock.ts';
import { useStatus } from '../live/status.ts';
import type { Times } from './range.ts';
import type { Gap } from './traffic-bars.tsx';

export interface Gaps {
  readonly gaps: readonly Gap[];
  /** When the record began; null while it is read. */
  readonly recordStart: string | null;
}

const NONE: readonly Gap[] = [];

/** The times of which there is no record: before it began, while nothing was read, and after the last poll. */
export function useGaps(times: Times): Gaps {
  const { data } = useData(GapsDocument, times);
  const status = useStatus();
  const staleSince = status?.stale ? (status.lastPollAt ?? null) : null;
  const gaps = useMemo<readonly Gap[]>(() => {
    if (data === undefined) return NONE;
    const before = { fromMs: 0, toMs: Date.parse(data.dashboard.recordStart) };
    const fromMs = staleSince === null ? serverNow() : Date.parse(staleSince);
    const after = { fromMs, toMs: Number.MAX_SAFE_INTEGER };
    const outages = data.events.edges.map(({ node: { at, reason } }) => {
      const toMs = Date.parse(at);
      return { fromMs: toMs - Number(reason ?? 0) * 1000, toMs };
    });
    return [before, ...outages, after];
  }, [data, staleSince]);
  return { gaps, recordStart: data?.dashboard.recordStart ?? null };
}

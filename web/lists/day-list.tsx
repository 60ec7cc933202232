import { Fragment, type ReactNode, useEffect, useRef } from 'react';
import { t } from '../text/i18n.ts';
import { clockTimeWithSeconds, dayKey, exactTime, fullDay } from '../text/times.ts';
import { Empty, Problem, Skeleton } from '../ui/states.tsx';
import type { Pages } from './use-pages.ts';

/** So early before its end that the next page is there when one arrives. */
const AHEAD = '1200px';

export interface DayListProps<Row> {
  readonly pages: Pages<Row>;
  readonly label: string;
  readonly empty: string;
  readonly children: (row: Row) => ReactNode;
}

/** An endless list of what happened, the newest first, under the days. */
export function DayList<Row extends { readonly id: string; readonly at: string }>({
  pages,
  label,
  empty,
  children,
}: DayListProps<Row>) {
  const { rows, next, isLoading, error, more } = pages;
  if (rows.length === 0) {
    if (error !== null) return <Problem error={error} again={more} />;
    return isLoading ? <Skeleton lines={12} /> : <Empty>{empty}</Empty>;
  }
  return (
    <>
      <ol className="log" aria-label={label} aria-busy={isLoading}>
        {rows.map((row, index) => {
          const before = rows[index - 1];
          const beginsDay = before === undefined || dayKey(before.at) !== dayKey(row.at);
          return (
            <Fragment key={row.id}>
              {beginsDay ? <li className="log-day">{fullDay(row.at)}</li> : null}
              <li>
                <time dateTime={row.at} title={exactTime(row.at)} className="muted small nowrap">
                  {clockTimeWithSeconds(row.at)}
                </time>
                {children(row)}
              </li>
            </Fragment>
          );
        })}
      </ol>
      {error === null ? null : <Problem error={error} again={more} />}
      {next === null || error !== null ? null : <End key={next} onNear={more} />}
      {next === null ? <p className="muted small log-end">{t('list.end')}</p> : null}
    </>
  );
}

/** The place that asks for the next page when it is nearly visible. */
function End({ onNear }: { readonly onNear: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const near = useRef(onNear);
  useEffect(() => {
    near.current = onNear;
  });
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) near.current();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(place.current as Element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place}>
      <Skeleton lines={3} />
    </div>
  );
}

import { useCallback, useMemo } from 'react';
import { type MessageId, t } from '../text/i18n.ts';
import { useAddressState } from '../ui/search-state.ts';
import { Segments } from '../ui/segments.tsx';
import { Problem, Skeleton } from '../ui/states.tsx';
import { useNow } from '../ui/use-now.ts';
import { rangeOf, SPANS, type Span, type Times, timesOf } from './range.ts';
import { TrafficBars } from './traffic-bars.tsx';
import { useGaps } from './use-gaps.ts';
import { useTraffic } from './use-traffic.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

/** How often the newest bar is read again. */
const RENEW_MS = 60_000;

/** The shortest range that can be zoomed to: four of the shortest bars. */
const MIN_ZOOM_MS = 3_600_000;

/** The traffic of a user, or of all users together, with its range in the address of the page. */
export function TrafficCard({ userId }: { readonly userId: string | null }) {
  const [kept, setSpan] = useAddressState('span');
  const [zoom, setZoom] = useAddressState('zoom', { isStep: true });
  const span = SPANS.find((known) => known === kept) ?? '30';
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('traffic.title')}</h2>
        <div className="row">
          {zoom === '' ? null : (
            <button type="button" className="plain" onClick={() => setZoom('')}>
              {t('chart.zoomOut')}
            </button>
          )}
          <Segments<Span>
            label={t('chart.span')}
            value={span}
            options={SPANS.map((known) => [known, t(`chart.span.${known}` as MessageId)])}
            onChange={(next) => {
              setSpan(next === '30' ? '' : next);
              if (zoom !== '') setZoom('');
            }}
          />
        </div>
      </div>
      <Bars key={`${span} ${zoom}`} userId={userId} span={span} zoom={zoom} onZoom={setZoom} />
    </section>
  );
}

interface BarsProps {
  readonly userId: string | null;
  readonly span: Span;
  readonly zoom: string;
  readonly onZoom: (zoom: string) => void;
}

function Bars({ userId, span, zoom, onZoom }: BarsProps) {
  const now = useNow(RENEW_MS);
  const range = rangeOf(span, zoom, now);
  const { from: since, to } = timesOf(range);
  const times = useMemo<Times>(() => ({ from: since, to }), [since, to]);
  const { gaps, recordStart } = useGaps(times);
  const from = times.from ?? recordStart;
  const { bars, bucket, error, again } = useTraffic({
    userId,
    times: from === null ? null : { ...times, from },
    bucket: range.bucket,
    renewal: now,
  });
  const zoomTo = useCallback(
    (fromMs: number, toMs: number) => {
      const middle = (fromMs + toMs) / 2;
      const half = Math.max(toMs - fromMs, MIN_ZOOM_MS) / 2;
      onZoom(`${Math.round(middle - half)}-${Math.round(middle + half)}`);
    },
    [onZoom],
  );
  if (error !== null) return <Problem error={error} again={again} />;
  if (bars === null) return <Skeleton lines={6} />;
  return (
    <>
      <ZoomButtons
        fromMs={Date.parse(bars[0]?.start ?? '')}
        toMs={Date.parse(bars.at(-1)?.end ?? '')}
        onZoom={zoomTo}
      />
      <TrafficBars
        label={t('traffic.title')}
        bucket={bucket}
        bars={bars}
        gaps={gaps}
        onZoom={zoomTo}
      />
    </>
  );
}

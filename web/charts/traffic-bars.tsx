import { useMemo, useState } from 'react';
import uPlot from 'uplot';
import { t } from '../text/i18n.ts';
import { bytes } from '../text/numbers.ts';
import { clockTime, date, dateTime, day, month, timeZone } from '../text/times.ts';
import { BYTE_STEPS, Chart, type Colours, timeAxis, valueAxis } from './chart.tsx';

/** The traffic of one bucket. */
export interface TrafficBar {
  readonly start: string;
  readonly end: string;
  readonly rx: string;
  readonly tx: string;
  readonly estimated: boolean;
}

/** A time without a record, in milliseconds since 1970. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

export type BarLength = 'QUARTER_HOUR' | 'HOUR' | 'DAY' | 'MONTH';

export interface TrafficBarsProps {
  readonly label: string;
  readonly bucket: BarLength;
  readonly bars: readonly TrafficBar[];
  readonly gaps: readonly Gap[];
  readonly height?: number;
  /** Receives the range that was dragged over, in milliseconds; absent: it cannot be zoomed. */
  readonly onZoom?: (fromMs: number, toMs: number) => void;
}

const middleOf = ({ start, end }: TrafficBar) =>
  (new Date(start).getTime() + new Date(end).getTime()) / 2000;

/**
 * Traffic by bucket: what was sent to users above zero, what was received from them below. Estimated bars are hatched,
 * and times without a record are grey.
 */
export function TrafficBars({ label, bucket, bars, gaps, height = 240, onZoom }: TrafficBarsProps) {
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const data = useMemo<uPlot.AlignedData>(
    () => [bars.map(middleOf), bars.map(({ tx }) => Number(tx)), bars.map(({ rx }) => -Number(rx))],
    [bars],
  );
  const optionsFor = useMemo(
    () => optionsOf({ bucket, bars, gaps, onZoom, onPoint: setPointedAt }),
    [bucket, bars, gaps, onZoom],
  );
  return (
    <figure className="stack">
      <Legend bucket={bucket} bars={bars} bar={pointedAt === null ? undefined : bars[pointedAt]} />
      <Chart label={label} height={height} data={data} optionsFor={optionsFor} />
      <details className="small">
        <summary>{t('chart.asTable')}</summary>
        <div className="table-wrap scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('chart.period')}</th>
                <th scope="col" className="end">
                  {t('traffic.sent')}
                </th>
                <th scope="col" className="end">
                  {t('traffic.received')}
                </th>
              </tr>
            </thead>
            <tbody>
              {bars.toReversed().map((bar) => (
                <tr key={bar.start}>
                  <td>
                    {nameOf(bucket, bar)}
                    {bar.estimated ? ` (${t('chart.estimated')})` : ''}
                  </td>
                  <td className="end">{bytes(Number(bar.tx))}</td>
                  <td className="end">{bytes(Number(bar.rx))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** The sums of what is shown, or the bar that is pointed at. */
function Legend({
  bucket,
  bars,
  bar,
}: {
  readonly bucket: BarLength;
  readonly bars: readonly TrafficBar[];
  readonly bar: TrafficBar | undefined;
}) {
  const sum = (key: 'rx' | 'tx') => bars.reduce((total, each) => total + Number(each[key]), 0);
  const shown = bar ?? { rx: sum('rx'), tx: sum('tx'), estimated: false };
  return (
    <div className="legend row small">
      <span className="sent">
        ▲ {t('traffic.sent')} <strong>{bytes(Number(shown.tx))}</strong>
      </span>
      <span className="received">
        ▼ {t('traffic.received')} <strong>{bytes(Number(shown.rx))}</strong>
      </span>
      <span className="muted">
        {bar === undefined ? t('chart.sum') : nameOf(bucket, bar)}
        {bar?.estimated ? ` · ${t('chart.estimated')}` : ''}
      </span>
    </div>
  );
}

function nameOf(bucket: BarLength, { start, end }: TrafficBar): string {
  if (bucket === 'MONTH') return month(start);
  if (bucket === 'DAY') return date(start);
  return `${dateTime(start)} – ${clockTime(end)}`;
}

interface BarOptions extends Pick<TrafficBarsProps, 'bucket' | 'bars' | 'gaps'> {
  readonly onZoom: TrafficBarsProps['onZoom'] | undefined;
  readonly onPoint: (index: number | null) => void;
}

function optionsOf({ bucket, bars, gaps, onZoom, onPoint }: BarOptions) {
  return (colours: Colours): Omit<uPlot.Options, 'width' | 'height'> => {
    const paths = uPlot.paths.bars?.({ size: [0.76, 28, 1], radius: 0.15 });
    const series = (stroke: string): uPlot.Series => ({
      stroke,
      fill: stroke,
      width: 0,
      points: { show: false },
      paths,
    });
    const first = bars[0];
    const last = bars.at(-1);
    return {
      legend: { show: false },
      cursor: {
        drag: { x: onZoom !== undefined, y: false, setScale: false },
        points: { show: false },
        y: false,
      },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone()),
      scales: {
        x: {
          time: true,
          range: () => [
            first === undefined ? 0 : new Date(first.start).getTime() / 1000,
            last === undefined ? 1 : new Date(last.end).getTime() / 1000,
          ],
        },
        y: { range: (_, min, max) => [Math.min(min * 1.1, 0), Math.max(max * 1.1, 1024)] },
      },
      axes: [
        timeAxis(colours, (seconds) => tickText(bucket, seconds * 1000)),
        valueAxis(colours, bytes, BYTE_STEPS),
      ],
      series: [{}, series(colours.sent), series(colours.received)],
      hooks: {
        drawClear: [(plot) => drawGaps(plot, gaps, colours)],
        draw: [(plot) => hatch(plot, bars, colours)],
        setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width === 0 || onZoom === undefined) return;
            const at = (x: number) => plot.posToVal(x, 'x') * 1000;
            onZoom(at(left), at(left + width));
          },
        ],
      },
    };
  };
}

function tickText(bucket: BarLength, ms: number): string {
  if (bucket === 'MONTH') return month(ms);
  const time = clockTime(ms);
  return bucket === 'DAY' || time === '00:00' ? day(ms) : time;
}

function drawGaps(plot: uPlot, gaps: readonly Gap[], colours: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colours.gap;
  ctx.globalAlpha = 0.35;
  for (const { fromMs, toMs } of gaps) {
    const from = Math.max(bbox.left, plot.valToPos(fromMs / 1000, 'x', true));
    const to = Math.min(bbox.left + bbox.width, plot.valToPos(toMs / 1000, 'x', true));
    if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height);
  }
  ctx.restore();
}

const HATCH_PX = 6;

/** Draws lines of the background's colour over the bars that are estimated. */
function hatch(plot: uPlot, bars: readonly TrafficBar[], colours: Colours): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colours.surface;
  ctx.lineWidth = 1.5 * ratio;
  for (const bar of bars) {
    if (!bar.estimated) continue;
    const at = (time: string) => plot.valToPos(new Date(time).getTime() / 1000, 'x', true);
    const [left, right] = [at(bar.start), at(bar.end)];
    const top = plot.valToPos(Number(bar.tx), 'y', true);
    const bottom = plot.valToPos(-Number(bar.rx), 'y', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(Math.max(left, bbox.left), top, right - left, bottom - top);
    ctx.clip();
    ctx.beginPath();
    const height = bottom - top;
    for (let x = left - height; x < right; x += HATCH_PX * ratio) {
      ctx.moveTo(x, bottom);
      ctx.lineTo(x + height, top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

import { useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { t } from '../text/i18n.ts';
import { bitRate } from '../text/numbers.ts';
import { clockTime, clockTimeWithSeconds, timeZone } from '../text/times.ts';
import { Chart, type Colours, timeAxis, valueAxis } from './chart.tsx';

/** The rates at one time, in bytes a second; null if they are not known. */
export interface ThroughputPoint {
  readonly atMs: number;
  readonly rx: number | null;
  readonly tx: number | null;
}

const WINDOW_S = 300;

/** What is shown while there is less than that. */
const FIRST_WINDOW_S = 60;

/** The rates of the last minutes: what is sent to users above zero, what is received from them below. */
export function Throughput({ points }: { readonly points: readonly ThroughputPoint[] }) {
  const data = useMemo<uPlot.AlignedData>(
    () => [
      points.map(({ atMs }) => atMs / 1000),
      points.map(({ tx }) => (tx === null ? null : tx * 8)),
      points.map(({ rx }) => (rx === null ? null : -rx * 8)),
    ],
    [points],
  );
  const optionsFor = useRef(options).current;
  return <Chart label={t('chart.throughput')} height={220} data={data} optionsFor={optionsFor} />;
}

function options(colours: Colours): Omit<uPlot.Options, 'width' | 'height'> {
  const area = (stroke: string): uPlot.Series => ({
    stroke,
    fill: stroke.replace('rgb(', 'rgba(').replace(')', ', 0.18)'),
    width: 1.5,
    points: { show: false },
    paths: uPlot.paths.stepped?.({ align: -1 }),
  });
  return {
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone()),
    scales: {
      x: {
        time: true,
        range: (_, min, max) => [
          Math.max(max - WINDOW_S, Math.min(min, max - FIRST_WINDOW_S)),
          max,
        ],
      },
      // Never so close that noise fills the chart.
      y: { range: (_, min, max) => [Math.min(min * 1.15, -1_000), Math.max(max * 1.15, 1_000)] },
    },
    axes: [
      timeAxis(colours, (seconds, step) =>
        step < 60 ? clockTimeWithSeconds(seconds * 1000) : clockTime(seconds * 1000),
      ),
      valueAxis(colours, (bits) => bitRate(bits / 8)),
    ],
    series: [{}, area(colours.sent), area(colours.received)],
  };
}

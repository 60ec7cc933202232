import { useEffect, useRef, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import { activeLanguage } from '../text/i18n.ts';
import { activeTheme } from '../ui/theme.ts';

/** The colours of the style sheet, for the canvas. */
export interface Colours {
  readonly ink: string;
  readonly line: string;
  readonly surface: string;
  readonly received: string;
  readonly sent: string;
  readonly gap: string;
}

export interface ChartProps {
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
  readonly height: number;
  readonly data: uPlot.AlignedData;
  /** Must stay the same function as long as the chart stays the same. */
  readonly optionsFor: (colours: Colours) => Omit<uPlot.Options, 'width' | 'height'>;
}

/** A chart that fills its container. */
export function Chart({ label, height, data, optionsFor }: ChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const newest = useRef(data);
  newest.current = data;
  const theme = useSyncExternalStore(activeTheme.subscribe, activeTheme.get);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides which colours are read.
  useEffect(() => {
    const root = container.current;
    if (root === null) return;
    const options = { ...optionsFor(coloursOf(root)), width: root.clientWidth, height };
    const made = new uPlot(options, newest.current, root);
    chart.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: root.clientWidth, height }));
    sizes.observe(root);
    return () => {
      sizes.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [optionsFor, height, theme]);

  useEffect(() => chart.current?.setData(data), [data]);

  return (
    <div
      ref={container}
      className="chart"
      role="img"
      aria-label={label}
      lang={activeLanguage.get()}
    />
  );
}

function coloursOf(root: Element): Colours {
  // A colour of the style sheet can depend on the theme; only a property that is a colour is resolved.
  const probe = document.createElement('span');
  root.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    ink: colour('ink-3'),
    line: colour('line'),
    surface: colour('surface'),
    received: colour('received'),
    sent: colour('sent'),
    gap: colour('gap'),
  };
  probe.remove();
  return colours;
}

/** An axis of values, labelled as people write them; both directions have positive labels. */
export function valueAxis(
  colours: Colours,
  textOf: (value: number) => string,
  incrs?: number[],
): uPlot.Axis {
  return {
    stroke: colours.ink,
    font: FONT,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
    size: 72,
    space: 32,
    values: (_, splits) => splits.map((value) => textOf(Math.abs(value))),
    ...(incrs && { incrs }),
  };
}

export function timeAxis(
  colours: Colours,
  textOf: (seconds: number, step: number) => string,
): uPlot.Axis {
  return {
    stroke: colours.ink,
    font: FONT,
    grid: { show: false },
    ticks: { stroke: colours.line, width: 1, size: 4 },
    size: 30,
    space: 80,
    values: (_, splits, _axis, _space, step) => splits.map((seconds) => textOf(seconds, step)),
  };
}

const FONT = '12px system-ui, sans-serif';

/** Steps of volumes, which are counted in units of 1024. */
export const BYTE_STEPS = Array.from({ length: 51 }, (_, power) => 2 ** power);

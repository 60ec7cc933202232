import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Column } from './view.ts';

/** How wide each column is, in rem. A column that grows is at least so wide. */
const WIDTHS: Readonly<Record<Column, { readonly rem: number; readonly grow?: number }>> = {
  rate: { rem: 7.5 },
  today: { rem: 6 },
  total: { rem: 6 },
  quota: { rem: 9 },
  lastSeen: { rem: 7 },
  expires: { rem: 6.5 },
  bandwidth: { rem: 6.5 },
  owner: { rem: 6, grow: 1 },
  tags: { rem: 7, grow: 1 },
  interface: { rem: 5 },
  endpoint: { rem: 11, grow: 1.2 },
};

/** The first of them to give way is the last. */
const BY_IMPORTANCE: readonly Column[] = [
  ...(['rate', 'quota', 'today', 'lastSeen', 'expires', 'total'] as const),
  ...(['owner', 'tags', 'bandwidth', 'interface', 'endpoint'] as const),
];

const NAME_REM = 12;
const SELECT_REM = 2;
const MENU_REM = 2.5;
/** The paddings and the borders of the table, and one gap. */
const EDGES_REM = 2.25;
const GAP_REM = 0.75;

/** The columns for which there is room, in the given order. */
export function columnsIn(
  roomRem: number,
  columns: readonly Column[],
  canChange: boolean,
): readonly Column[] {
  let used = NAME_REM + EDGES_REM + (canChange ? SELECT_REM + MENU_REM + 2 * GAP_REM : 0);
  const fitting = new Set<Column>();
  for (const column of BY_IMPORTANCE.filter((one) => columns.includes(one))) {
    used += WIDTHS[column].rem + GAP_REM;
    if (used > roomRem) break;
    fitting.add(column);
  }
  return columns.filter((column) => fitting.has(column));
}

/** The value of `grid-template-columns`. */
export const templateOf = (columns: readonly Column[], canChange: boolean): string =>
  [
    ...(canChange ? [`${SELECT_REM}rem`] : []),
    `minmax(${NAME_REM}rem, 2fr)`,
    ...columns.map((column) => {
      const { rem, grow } = WIDTHS[column];
      return grow === undefined ? `${rem}rem` : `minmax(${rem}rem, ${grow}fr)`;
    }),
    ...(canChange ? [`${MENU_REM}rem`] : []),
  ].join(' ');

/** The width of an element in rem; it follows the window. */
export function useRoom(element: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const shown = element.current;
    if (shown === null) return;
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setRoom(shown.clientWidth / rem);
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(shown);
    return () => sizes.disconnect();
  }, [element]);
  return room;
}

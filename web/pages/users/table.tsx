import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { UserRowFragment } from '../../api/generated/pages/graphql.ts';
import { t } from '../../text/i18n.ts';
import { Icon } from '../../ui/icon.tsx';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';
import { columnsIn, templateOf, useRoom } from './column-room.ts';
import { NarrowHead } from './narrow-head.tsx';
import { placeOf, Row } from './row.tsx';
import { type ChangeView, type Column, ORDER_OF, type View } from './view.ts';

const ROW_PX = 56;
/** Of the cards that take the place of rows on a phone. */
const CARD_PX = 132;

export interface TableProps {
  readonly rows: readonly UserRowFragment[];
  /** How many there will be; null while it is not known. */
  readonly total: number | null;
  /** Whether these are all rows; before, not all can be selected. */
  readonly isComplete: boolean;
  readonly onRange: (first: number, last: number) => void;
  readonly view: View;
  readonly columns: readonly Column[];
  readonly onView: ChangeView;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (id: string, isSelected: boolean) => void;
  readonly onSelectAll: (isSelected: boolean) => void;
  readonly canChange: boolean;
}

/** The rows in view of a table that is as long as there are users. */
export function Table(props: TableProps) {
  const { rows, total, isComplete, onRange, view, onView, canChange } = props;
  const { selected, onSelect, onSelectAll } = props;
  const isNarrow = useIsNarrow();
  const whole = useRef<HTMLDivElement>(null);
  const room = useRoom(whole);
  // A card has its own places for what it shows.
  const columns = useMemo(
    () => (isNarrow ? props.columns : columnsIn(room, props.columns, canChange)),
    [isNarrow, room, props.columns, canChange],
  );
  const hidden = props.columns.filter((column) => !columns.includes(column));
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const place = () => setTop((body.current?.getBoundingClientRect().top ?? 0) + scrollY);
    place();
    const sizes = new ResizeObserver(place);
    sizes.observe(document.body);
    return () => sizes.disconnect();
  }, []);
  const height = isNarrow ? CARD_PX : ROW_PX;
  const count = isComplete ? rows.length : Math.max(rows.length, total ?? 0);
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what was measured.
  useLayoutEffect(() => virtual.measure(), [height]);

  const { startIndex = 0, endIndex = 0 } = virtual.range ?? {};
  useEffect(() => onRange(startIndex, endIndex), [onRange, startIndex, endIndex]);

  const isAllSelected = rows.length > 0 && rows.every(({ id }) => selected.has(id));

  return (
    <>
      {isNarrow ? (
        <NarrowHead
          view={view}
          onView={onView}
          count={count}
          isComplete={isComplete}
          isAllSelected={isAllSelected}
          onSelectAll={onSelectAll}
          canChange={canChange}
        />
      ) : null}
      {hidden.length === 0 ? null : (
        <p className="muted small">
          {t('users.noRoom', {
            columns: hidden.map((column) => t(`users.column.${column}`)).join(', '),
          })}
        </p>
      )}
      <div
        ref={whole}
        role="table"
        aria-rowcount={count + 1}
        aria-label={t('nav.users')}
        className="user-table"
        style={{ '--columns': templateOf(columns, canChange) } as CSSProperties}
      >
        <div role="row" className="user-row head" aria-rowindex={1}>
          {canChange ? (
            <div role="columnheader" className="select">
              <input
                type="checkbox"
                aria-label={t('users.selectAll', { count })}
                disabled={!isComplete}
                checked={isAllSelected}
                onChange={(event) => onSelectAll(event.target.checked)}
              />
            </div>
          ) : null}
          {(['name', ...columns] as const).map((column) => (
            <Head key={column} column={column} view={view} onView={onView} />
          ))}
          {canChange ? (
            <div role="columnheader">
              <span className="visually-hidden">{t('users.actions')}</span>
            </div>
          ) : null}
        </div>
        <div
          ref={body}
          role="rowgroup"
          className="user-rows"
          style={{ height: `${virtual.getTotalSize()}px` }}
        >
          {virtual.getVirtualItems().map(({ index, start }) => {
            const user = rows[index];
            return user === undefined ? (
              <div
                key={`empty ${index}`}
                className="user-row"
                style={placeOf(start - top, height)}
                aria-hidden="true"
              >
                <span className="skeleton" />
              </div>
            ) : (
              <Row
                key={user.id}
                index={index}
                user={user}
                columns={columns}
                isSelected={selected.has(user.id)}
                canChange={canChange}
                onSelect={onSelect}
                startPx={start - top}
                heightPx={height}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

interface HeadProps {
  readonly column: Column | 'name';
  readonly view: View;
  readonly onView: ChangeView;
}

function Head({ column, view, onView }: HeadProps) {
  const field = ORDER_OF[column];
  const isSorted = field !== undefined && view.order.field === field;
  const isDescending = view.order.descending === true;
  const text = t(`users.column.${column}`);
  const sort = () => {
    if (field === undefined) return;
    // Of names the first, and of everything else the most is of interest.
    const descending = isSorted ? !isDescending : column !== 'name' && column !== 'expires';
    onView({ order: { field, descending } });
  };
  return (
    <div
      role="columnheader"
      aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : undefined}
    >
      {field === undefined ? (
        <span className="small muted">{text}</span>
      ) : (
        <button type="button" className="plain small" onClick={sort}>
          {text}
          {isSorted ? <Icon name={isDescending ? 'down' : 'up'} /> : null}
        </button>
      )}
    </div>
  );
}

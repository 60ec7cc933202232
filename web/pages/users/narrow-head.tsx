import { t } from '../../text/i18n.ts';
import { type ChangeView, type Column, ORDER_OF, type View } from './view.ts';

export interface NarrowHeadProps {
  readonly view: View;
  readonly onView: ChangeView;
  readonly count: number;
  readonly isComplete: boolean;
  readonly isAllSelected: boolean;
  readonly onSelectAll: (isSelected: boolean) => void;
  readonly canChange: boolean;
}

/** The order and "Select all" where the cards have no head. */
export function NarrowHead(props: NarrowHeadProps) {
  const { view, onView, count, isComplete, isAllSelected, onSelectAll, canChange } = props;
  const { field, descending } = view.order;
  return (
    <div className="row narrow-head">
      {canChange ? (
        <label>
          <input
            type="checkbox"
            checked={isAllSelected}
            disabled={!isComplete}
            onChange={(event) => onSelectAll(event.target.checked)}
          />
          {t('users.selectAll', { count })}
        </label>
      ) : null}
      <select
        aria-label={t('users.order')}
        value={`${descending ? '-' : ''}${field}`}
        onChange={({ target: { value } }) => {
          const chosen = Object.values(ORDER_OF).find((one) => one === value.replace('-', ''));
          if (chosen) onView({ order: { field: chosen, descending: value.startsWith('-') } });
        }}
      >
        {(Object.keys(ORDER_OF) as (Column | 'name')[]).flatMap((column) => [
          <option key={column} value={ORDER_OF[column]}>
            {t('users.order.up', { column: t(`users.column.${column}`) })}
          </option>,
          <option key={`-${column}`} value={`-${ORDER_OF[column]}`}>
            {t('users.order.down', { column: t(`users.column.${column}`) })}
          </option>,
        ])}
      </select>
    </div>
  );
}

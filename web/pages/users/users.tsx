import { useCallback, useEffect, useMemo, useState } from 'react';
import { CreateDialog } from '../../actions/create-dialog.tsx';
import { useHasRole } from '../../api/me.ts';
import { followPresence } from '../../live/presence.ts';
import { followRates } from '../../live/rates.ts';
import { t } from '../../text/i18n.ts';
import { Icon } from '../../ui/icon.tsx';
import { Empty, Problem, Skeleton } from '../../ui/states.tsx';
import { Filters } from './filters.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { Table } from './table.tsx';
import { useUserList } from './use-user-list.ts';
import { filterOf, PERSONAL, useView } from './view.ts';

/** All users in one table. */
export default function Users() {
  const [view, setView] = useView();
  const canChange = useHasRole('OPERATOR');
  const [isCreating, setIsCreating] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const filter = useMemo(() => filterOf(view), [view]);
  const { rows, total, isComplete, isFirst, error, again, onRange } = useUserList(
    filter,
    view.order,
  );
  const columns = useMemo(
    () => (canChange ? view.columns : view.columns.filter((one) => !PERSONAL.has(one))),
    [canChange, view.columns],
  );
  // Both begin with all users, which takes the server longer than the first rows.
  useEffect(() => (isFirst ? undefined : followPresence(null)), [isFirst]);
  useEffect(() => (isFirst ? undefined : followRates(null)), [isFirst]);

  const filterKey = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever is not shown any more must not be changed.
  useEffect(() => setSelected(new Set()), [filterKey]);

  const select = useCallback(
    (id: string, isSelected: boolean) =>
      setSelected((before) => {
        const next = new Set(before);
        if (isSelected) next.add(id);
        else next.delete(id);
        return next;
      }),
    [],
  );

  const users = useMemo(() => rows.filter(({ id }) => selected.has(id)), [rows, selected]);

  return (
    <>
      <div className="page-head">
        <h1>{t('nav.users')}</h1>
        <span className="muted" role="status">
          {total === null ? null : t('users.count', { count: total })}
        </span>
        {canChange ? (
          <div className="actions">
            <button type="button" className="primary" onClick={() => setIsCreating(true)}>
              <Icon name="add" />
              {t('users.create')}
            </button>
          </div>
        ) : null}
      </div>
      <Filters view={view} onView={setView} canSeePersons={canChange} />
      {error === null ? null : <Problem error={error} again={again} />}
      {isFirst ? <Skeleton lines={8} /> : null}
      {!isFirst && rows.length === 0 && error === null ? (
        <Empty>
          <p>
            {t(total === 0 && Object.keys(filter).length === 0 ? 'users.none' : 'users.noMatch')}
          </p>
        </Empty>
      ) : null}
      {rows.length === 0 ? null : (
        <Table
          rows={rows}
          total={total}
          isComplete={isComplete}
          onRange={onRange}
          view={view}
          columns={columns}
          onView={setView}
          selected={selected}
          onSelect={select}
          onSelectAll={(isSelected) =>
            setSelected(new Set(isSelected ? rows.map(({ id }) => id) : []))
          }
          canChange={canChange}
        />
      )}
      {users.length === 0 ? null : (
        <SelectionBar users={users} onClear={() => setSelected(new Set())} />
      )}
      {isCreating ? (
        <CreateDialog
          onClose={() => {
            setIsCreating(false);
            again();
          }}
        />
      ) : null}
    </>
  );
}

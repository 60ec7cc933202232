import { useEffect, useState } from 'react';
import { useData } from '../../api/client.ts';
import { GroupsDocument } from '../../api/generated/pages/graphql.ts';
import { useStatus } from '../../live/status.ts';
import { t } from '../../text/i18n.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { type ChangeView, COLUMNS, PERSONAL, PRESETS, type View } from './view.ts';

/** Less than one notices, more than the time between two keys. */
const TYPING_MS = 150;

export interface FiltersProps {
  readonly view: View;
  readonly onView: ChangeView;
  readonly canSeePersons: boolean;
}

/** What the table shows: search, one of the ready lists, tag, owner, interface and columns. */
export function Filters({ view, onView, canSeePersons }: FiltersProps) {
  const groups = useData(GroupsDocument, {}, { pause: !canSeePersons });
  const interfaces = useStatus()?.interfaces ?? [];
  const namesOf = (list: 'tags' | 'owners') =>
    groups.data?.[list].edges.map(({ node }) => node.name) ?? [];
  const columns = COLUMNS.filter((one) => canSeePersons || !PERSONAL.has(one));
  return (
    <div className="stack">
      <div className="row filters">
        <Search
          label={t(canSeePersons ? 'users.search' : 'users.searchPublic')}
          value={view.search}
          onChange={(search) => onView({ search })}
        />
        <Choice
          label={t('users.tag')}
          value={view.tag}
          options={namesOf('tags')}
          onChange={(tag) => onView({ tag })}
        />
        <Choice
          label={t('users.owner')}
          value={view.owner}
          options={namesOf('owners')}
          onChange={(owner) => onView({ owner })}
        />
        {interfaces.length > 1 ? (
          <Choice
            label={t('users.column.interface')}
            value={view.interface}
            options={interfaces.map(({ name }) => name)}
            onChange={(name) => onView({ interface: name })}
          />
        ) : null}
        <Menu
          button={
            <>
              <Icon name="columns" />
              {t('users.columns')}
            </>
          }
        >
          {columns.map((column) => (
            <label key={column}>
              <input
                type="checkbox"
                checked={view.columns.includes(column)}
                onChange={(event) =>
                  onView({
                    columns: COLUMNS.filter((one) =>
                      one === column ? event.target.checked : view.columns.includes(one),
                    ),
                  })
                }
              />
              {t(`users.column.${column}`)}
            </label>
          ))}
        </Menu>
      </div>
      <fieldset className="plain-fieldset chips">
        <legend className="visually-hidden">{t('users.show')}</legend>
        {PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            className="chip"
            aria-pressed={view.preset === preset}
            onClick={() => onView({ preset: view.preset === preset ? null : preset })}
          >
            {t(`users.show.${preset}`)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** Searches when the typing pauses. */
function Search({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts a search.
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label className="search">
      <Icon name="search" />
      <span className="visually-hidden">{label}</span>
      <input
        type="search"
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChange: (value: string) => void;
}

/** A choice that is not there when there is nothing to choose. */
function Choice({ label, value, options, onChange }: ChoiceProps) {
  if (options.length === 0 && value === '') return null;
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{label}</option>
      {[...new Set([...options, value])]
        .filter((option) => option !== '')
        .map((option) => (
          <option key={option}>{option}</option>
        ))}
    </select>
  );
}

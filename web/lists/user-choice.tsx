import { useDeferredValue, useState } from 'react';
import { useData } from '../api/client.ts';
import { FindUsersDocument } from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { Problem } from '../ui/states.tsx';
import { useUserName } from './user-name.tsx';

const MAX_FOUND = 20;

export interface UserChoiceProps {
  /** Empty: all users. */
  readonly userId: string;
  readonly onChange: (userId: string) => void;
}

/** Chooses a user by a part of the name. */
export function UserChoice({ userId, onChange }: UserChoiceProps) {
  const name = useUserName(userId);
  return (
    <Menu
      className={userId === '' ? undefined : 'is-set'}
      button={
        <>
          <span className="truncate">{userId === '' ? t('filter.user') : name}</span>
          <Icon name="down" />
        </>
      }
    >
      <Search onFound={onChange} />
      {userId === '' ? null : (
        <button type="button" onClick={() => onChange('')}>
          <Icon name="close" />
          {t('filter.clear')}
        </button>
      )}
    </Menu>
  );
}

function Search({ onFound }: { readonly onFound: (userId: string) => void }) {
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const { data, error, fetching } = useData(FindUsersDocument, { search, first: MAX_FOUND });
  const found = data?.users.edges ?? [];
  return (
    <>
      <input
        type="search"
        value={text}
        placeholder={t('filter.userSearch')}
        aria-label={t('filter.userSearch')}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {error === undefined ? null : <Problem error={error} />}
      {found.map(({ node }) => (
        <button key={node.id} type="button" onClick={() => onFound(node.id)}>
          <span className="truncate">{node.nickname || node.id}</span>
        </button>
      ))}
      {found.length === 0 && !fetching && error === undefined ? (
        <p className="menu-note">{t('filter.nobody')}</p>
      ) : null}
    </>
  );
}

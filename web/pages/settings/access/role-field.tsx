import { useId } from 'react';
import type { Role } from '../../../api/generated/pages/graphql.ts';
import { t } from '../../../text/i18n.ts';

const ROLES: readonly Role[] = ['VIEWER', 'OPERATOR', 'ADMIN', 'SELF'];

export interface RoleFieldProps {
  readonly role: Role;
  readonly problem: string | undefined;
  readonly onChange: (role: Role) => void;
}

/** A choice of the role in which each says what it may do. */
export function RoleField({ role, problem, onChange }: RoleFieldProps) {
  const name = useId();
  return (
    <fieldset className="plain-fieldset field wide">
      <legend className="name">{t('token.role')}</legend>
      <div className="options">
        {ROLES.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name={name}
              checked={each === role}
              onChange={() => onChange(each)}
            />
            <span>
              {t(`role.${each}`)}
              <span className="hint">{t(`role.explained.${each}`)}</span>
            </span>
          </label>
        ))}
      </div>
      {problem === undefined ? null : <div className="problem">{problem}</div>}
    </fieldset>
  );
}

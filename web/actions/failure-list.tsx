import { t } from '../text/i18n.ts';
import { type Named, nameOf, type Outcome } from './use-actions.ts';

export interface FailureListProps {
  readonly outcome: Outcome<Named>;
  readonly onClose: () => void;
}

/** Who of many could not be changed, and why. */
export function FailureList({ outcome: { changed, failed }, onClose }: FailureListProps) {
  return (
    <div className="stack">
      <p role="alert">{t('users.someFailed', { count: changed.length, failed: failed.length })}</p>
      <ul className="failures">
        {failed.map(({ user, reason }) => (
          <li key={user.id}>
            <strong>{nameOf(user)}</strong> <span className="problem">{reason}</span>
          </li>
        ))}
      </ul>
      <div className="dialog-foot">
        <button type="button" className="primary" onClick={onClose}>
          {t('action.close')}
        </button>
      </div>
    </div>
  );
}

import { useSyncExternalStore } from 'react';
import { t } from '../text/i18n.ts';
import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';

export interface ShownSecret {
  readonly title: string;
  /** What it is for. */
  readonly explained: string;
  readonly secret: string;
  /** The name of what is copied. */
  readonly what: string;
}

let shown: ShownSecret | null = null;
const listeners = new Set<() => void>();

/**
 * Shows a secret that the server returns only once. It is kept outside of the pages: the first token ends the access
 * without one, and the secret must outlast the page that then disappears.
 */
export function showSecret(secret: ShownSecret | null): void {
  shown = secret;
  for (const listener of listeners) listener();
}

export function Secret() {
  const secret = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => shown,
  );
  if (secret === null) return null;
  const close = () => showSecret(null);
  return (
    <Dialog title={secret.title} onClose={close} narrow mustBeConfirmed>
      <p>{secret.explained}</p>
      <div className="secret">
        <code>{secret.secret}</code>
        <CopyButton text={secret.secret} what={secret.what} />
      </div>
      <p className="muted small">{t('secret.once')}</p>
      <div className="dialog-foot">
        <button type="button" className="primary" onClick={close}>
          {t('secret.kept')}
        </button>
      </div>
    </Dialog>
  );
}

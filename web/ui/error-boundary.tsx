import { Component, type ReactNode } from 'react';
import { t } from '../text/i18n.ts';

interface State {
  readonly error: Error | null;
}

/** Shows a sentence in the place of what could not be drawn, instead of an empty page. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="banner bad" role="alert">
        <p>{t('state.broken')}</p>
        <button type="button" onClick={() => location.reload()}>
          {t('action.reload')}
        </button>
      </div>
    );
  }
}

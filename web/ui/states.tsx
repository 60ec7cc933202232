import type { ReactNode } from 'react';
import { codeOf, type Failure } from '../api/client.ts';
import { t } from '../text/i18n.ts';

/** Grey lines in the place of what is being loaded. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div className="stack" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <span key={line} className="skeleton" />
      ))}
    </div>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <div className="empty">{children}</div>;
}

/** The sentence that the server sent, or one about the connection. */
export function problemOf(error: Failure | unknown): string {
  const failure = error as Partial<Failure>;
  if (failure.networkError) return t('state.noServer');
  return failure.graphQLErrors?.[0]?.message ?? (error as Error).message;
}

export function Problem({
  error,
  again,
}: {
  readonly error: Failure;
  readonly again?: () => void;
}) {
  const isForbidden = codeOf(error) === 'FORBIDDEN';
  return (
    <div className={isForbidden ? 'banner' : 'banner bad'} role="alert">
      <p>{problemOf(error)}</p>
      {isForbidden || again === undefined ? null : (
        <button type="button" onClick={again}>
          {t('action.tryAgain')}
        </button>
      )}
    </div>
  );
}

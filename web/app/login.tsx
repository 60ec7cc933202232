import { type FormEvent, useState } from 'react';
import { logIn } from '../api/access.ts';
import { t } from '../text/i18n.ts';
import { Field } from '../ui/field.tsx';
import { Logo } from './logo.tsx';
import { Preferences } from './preferences.tsx';

/** Asks for a token. It is sent once and kept nowhere; the browser gets a cookie that scripts cannot read. */
export function Login({ onDone }: { readonly onDone: () => void }) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token') as string;
    setIsBusy(true);
    try {
      const refusal = await logIn(token.trim());
      if (refusal === null) onDone();
      else setProblem(refusal.message);
    } catch {
      setProblem(t('state.noServer'));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <main className="login">
      <form className="card" onSubmit={(event) => void submit(event)}>
        <div className="row">
          <Logo />
          <h1>wgql</h1>
        </div>
        <p className="muted">{t('login.explained')}</p>
        <Field label={t('login.token')} problem={problem}>
          {(input) => (
            <input
              {...input}
              name="token"
              type="password"
              autoComplete="current-password"
              required
              // biome-ignore lint/a11y/noAutofocus: it is the only thing to do on this page.
              autoFocus
            />
          )}
        </Field>
        <button type="submit" className="primary" disabled={isBusy}>
          {t('login.submit')}
        </button>
        <p className="small muted">{t('login.where')}</p>
        <Preferences />
      </form>
    </main>
  );
}

import { useState } from 'react';
import { useChange } from '../../api/client.ts';
import {
  type InterfaceDetailsFragment,
  UpdateInterfaceDocument,
} from '../../api/generated/pages/graphql.ts';
import { t } from '../../text/i18n.ts';
import { Field } from '../../ui/field.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { changesOf, DEFAULT_FIELDS, type Draft, draftOf } from './client-defaults.ts';

const PLACEHOLDERS: Partial<Record<keyof Draft, 'defaults.endpoint.auto' | 'defaults.mtu.auto'>> = {
  endpoint: 'defaults.endpoint.auto',
  mtu: 'defaults.mtu.auto',
};

/** Edits what new clients of an interface get. */
export function ClientDefaultsForm({ details }: { readonly details: InterfaceDetailsFragment }) {
  const change = useChange(UpdateInterfaceDocument);
  const stored = draftOf(details.clientDefaults);
  // null: not edited, so that what others change is shown.
  const [edited, setEdited] = useState<Draft | null>(null);
  const draft = edited ?? stored;
  const changes = changesOf(stored, draft);
  const { isBusy, problems, problem, submit } = useSubmit(async () => {
    await change({ name: details.name, input: changes });
    setEdited(null);
    toast({ text: t('defaults.saved', { name: details.name }) });
  });
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <div className="form">
        {DEFAULT_FIELDS.map((field) => {
          const placeholder = PLACEHOLDERS[field];
          const isNumber = field === 'mtu' || field === 'keepalive';
          return (
            <Field
              key={field}
              label={t(`defaults.${field}`)}
              problem={problems[field]}
              wide={!isNumber}
            >
              {(input) => (
                <input
                  {...input}
                  inputMode={isNumber ? 'numeric' : undefined}
                  autoComplete="off"
                  spellCheck={false}
                  placeholder={placeholder && t(placeholder)}
                  value={draft[field]}
                  onChange={(event) => setEdited({ ...draft, [field]: event.target.value })}
                />
              )}
            </Field>
          );
        })}
      </div>
      {problem === null ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {Object.keys(changes).length === 0 ? null : (
        <div className="row">
          <button type="submit" className="primary" disabled={isBusy}>
            {t('action.save')}
          </button>
          <button type="button" onClick={() => setEdited(null)}>
            {t('action.cancel')}
          </button>
        </div>
      )}
    </form>
  );
}

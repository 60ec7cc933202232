import { t } from '../../../text/i18n.ts';
import { Field } from '../../../ui/field.tsx';
import { Segments } from '../../../ui/segments.tsx';
import type { DraftFieldsProps } from './filter-fields.tsx';

const PLACEHOLDERS = [
  ...['type', 'timestamp', 'data.id', 'data.interface', 'data.endpoint', 'data.reason'],
  ...['data.actor', 'data.sessionId', 'data.user.id', 'data.user.publicKey', 'data.user.nickname'],
].map((name) => `{{${name}}}`);

const EXAMPLE = '{"text": "{{type}} {{data.user.nickname}}"}';

/** The body of the messages. */
export function TemplateFields({ draft, problems, onChange }: DraftFieldsProps) {
  const { template, contentType } = draft;
  return (
    <>
      <div className="field wide">
        <div className="row">
          <span className="name">{t('webhook.message')}</span>
          <Segments
            label={t('webhook.message')}
            value={template === null ? 'standard' : 'own'}
            options={[
              ['standard', t('webhook.standard')],
              ['own', t('webhook.ownTemplate')],
            ]}
            onChange={(which) =>
              onChange({ ...draft, template: which === 'standard' ? null : EXAMPLE })
            }
          />
        </div>
      </div>
      {template === null ? null : (
        <>
          <Field
            label={t('webhook.template')}
            hint={t('webhook.templateHint', { placeholders: PLACEHOLDERS.join(' ') })}
            problem={problems.template}
            wide
          >
            {(input) => (
              <textarea
                {...input}
                className="mono"
                rows={5}
                spellCheck={false}
                value={template}
                onChange={(event) => onChange({ ...draft, template: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('webhook.contentType')} problem={problems.contentType} wide>
            {(input) => (
              <input
                {...input}
                autoComplete="off"
                spellCheck={false}
                value={contentType}
                onChange={(event) => onChange({ ...draft, contentType: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}

import { eventGroups } from '../../../events/event-groups.ts';
import { eventName } from '../../../events/event-text.ts';
import { ChoiceBoxes } from '../../../lists/choice-boxes.tsx';
import { UserChoice } from '../../../lists/user-choice.tsx';
import { UserName } from '../../../lists/user-name.tsx';
import { t } from '../../../text/i18n.ts';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Segments } from '../../../ui/segments.tsx';
import type { WebhookDraft } from './webhook-draft.ts';

export interface DraftFieldsProps {
  readonly draft: WebhookDraft;
  readonly problems: Readonly<Record<string, string>>;
  readonly onChange: (draft: WebhookDraft) => void;
}

/** Which events a webhook sends. */
export function FilterFields({ draft, problems, onChange }: DraftFieldsProps) {
  const { types, userIds, tags } = draft;
  return (
    <>
      <div className="field wide">
        <div className="row">
          <span className="name">{t('webhook.types')}</span>
          <Segments
            label={t('webhook.types')}
            value={types === null ? 'all' : 'some'}
            options={[
              ['all', t('webhook.allTypes')],
              ['some', t('webhook.someTypes')],
            ]}
            onChange={(which) => onChange({ ...draft, types: which === 'all' ? null : [] })}
          />
        </div>
        {types === null ? null : (
          <ChoiceBoxes
            groups={eventGroups()}
            textOf={eventName}
            chosen={types}
            onChange={(chosen) => onChange({ ...draft, types: chosen })}
          />
        )}
        {problems.types === undefined ? null : <div className="problem">{problems.types}</div>}
      </div>
      <div className="field">
        <span className="name">{t('webhook.users')}</span>
        <div className="chips">
          {userIds.map((id) => (
            <button
              key={id}
              type="button"
              className="chip"
              onClick={() =>
                onChange({ ...draft, userIds: userIds.filter((other) => other !== id) })
              }
            >
              <UserName id={id} />
              <Icon name="close" />
              <span className="visually-hidden">{t('webhook.removeUser')}</span>
            </button>
          ))}
          <UserChoice
            userId=""
            onChange={(id) =>
              onChange({ ...draft, userIds: [...userIds.filter((other) => other !== id), id] })
            }
          />
        </div>
        <div className="hint">{t('webhook.usersHint')}</div>
        {problems.userIds === undefined ? null : <div className="problem">{problems.userIds}</div>}
      </div>
      <Field label={t('webhook.tags')} hint={t('webhook.tagsHint')} problem={problems.tags}>
        {(input) => (
          <input
            {...input}
            autoComplete="off"
            value={tags}
            onChange={(event) => onChange({ ...draft, tags: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

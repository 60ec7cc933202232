import type { UpdateUserInput } from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { Field } from '../ui/field.tsx';

/** What is known of the person behind a user, as it is being edited. */
export interface PersonDraft {
  readonly nickname: string;
  readonly owner: string;
  /** Separated by commas. */
  readonly tags: string;
  /** null: this page has not read it, so it is not edited. */
  readonly mail: string | null;
  readonly phone: string | null;
  readonly note: string | null;
}

export interface Person {
  readonly nickname: string;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly mail?: string | null;
  readonly phone?: string | null;
  readonly note?: string | null;
}

export const personOf = ({ nickname, owner, tags, mail, phone, note }: Person): PersonDraft => ({
  nickname,
  owner: owner ?? '',
  tags: tags.join(', '),
  mail: mail ?? null,
  phone: phone ?? null,
  note: note ?? null,
});

export function inputOfPerson({ nickname, owner, tags, ...details }: PersonDraft): UpdateUserInput {
  const known = Object.entries(details).filter(([, value]) => value !== null);
  return {
    nickname: nickname.trim(),
    owner: owner.trim() || null,
    tags: tags
      .split(/[,，]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    ...Object.fromEntries(known),
  };
}

export interface PersonFieldsProps {
  readonly draft: PersonDraft;
  readonly onChange: (draft: PersonDraft) => void;
  readonly problems?: Readonly<Record<string, string>>;
}

const NAMES = ['nickname', 'owner', 'tags', 'mail', 'phone', 'note'] as const;

export function PersonFields({ draft, onChange, problems = {} }: PersonFieldsProps) {
  return NAMES.map((name) => {
    const value = draft[name];
    if (value === null) return null;
    return (
      <Field
        key={name}
        label={t(`field.${name}`)}
        problem={problems[name]}
        wide={name === 'note'}
        {...(name === 'tags' && { hint: t('field.tags.hint') })}
      >
        {(input) => (
          <input
            {...input}
            autoComplete="off"
            value={value}
            onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
          />
        )}
      </Field>
    );
  });
}

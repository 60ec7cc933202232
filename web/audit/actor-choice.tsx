import { useData } from '../api/client.ts';
import { ActorsDocument } from '../api/generated/pages/graphql.ts';
import { ACTORS, actorName } from '../text/actor-name.ts';
import { t } from '../text/i18n.ts';

export interface ActorChoiceProps {
  /** Empty: all. */
  readonly actor: string;
  readonly onChange: (actor: string) => void;
}

/** Chooses who did it. */
export function ActorChoice({ actor, onChange }: ActorChoiceProps) {
  const { data } = useData(ActorsDocument, {});
  const names = [...ACTORS, ...(data?.tokens ?? []).map(({ name }) => name)];
  // One of an address that no token has.
  if (actor !== '' && !names.includes(actor)) names.push(actor);
  return (
    <select
      className={actor === '' ? undefined : 'is-set'}
      aria-label={t('audit.actor')}
      value={actor}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{t('audit.anyActor')}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {actorName(name)}
        </option>
      ))}
    </select>
  );
}

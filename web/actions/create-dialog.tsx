import { useState } from 'react';
import { useChange } from '../api/client.ts';
import {
  CreateUserDocument,
  ProvisionUserDocument,
  type ProvisionUserMutation,
} from '../api/generated/pages/graphql.ts';
import { serverNow } from '../api/server-clock.ts';
import { draftOf, type LimitDraft, limitsOf } from '../limits/draft.ts';
import { LimitFields } from '../limits/limit-fields.tsx';
import { useStatus } from '../live/status.ts';
import { t } from '../text/i18n.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Segments } from '../ui/segments.tsx';
import { toast } from '../ui/toasts.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { ConfigurationDialog } from './configuration-dialog.tsx';
import { inputOfPerson, type PersonDraft, PersonFields, personOf } from './person-fields.tsx';
import { nameOf } from './use-actions.ts';

type Way = 'generate' | 'known';

/** How long the one-time link works. */
const LINK_MINUTES = 24 * 60;

/** Creates a user: with keys and a configuration from the server, or with the public key of an existing device. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const provision = useChange(ProvisionUserDocument);
  const create = useChange(CreateUserDocument);
  const interfaces = useStatus()?.interfaces.filter(({ up }) => up) ?? [];
  const [way, setWay] = useState<Way>('generate');
  const [key, setKey] = useState('');
  const [name, setName] = useState(interfaces[0]?.name ?? '');
  const [limits, setLimits] = useState<LimitDraft>(() =>
    draftOf({ dataLimit: 0, bandwidthLimit: 0, expiresAt: null, quotaPeriod: 'NONE' }),
  );
  const [person, setPerson] = useState<PersonDraft>(() =>
    personOf({ nickname: '', owner: null, tags: [] }),
  );
  const [made, setMade] = useState<ProvisionUserMutation['provisionUser'] | null>(null);

  const { isBusy, problems, problem, submit } = useSubmit(async () => {
    const wanted = limitsOf(limits);
    if (wanted === null) return;
    const { nickname, owner, tags } = inputOfPerson(person);
    const input = { ...wanted, nickname, owner, tags, ...(name !== '' && { interface: name }) };
    if (way === 'generate') {
      setMade((await provision({ input, minutes: LINK_MINUTES })).provisionUser);
    } else {
      const { createUser } = await create({ input: { ...input, publicKey: key.trim() } });
      toast({ text: t('user.created', { name: nameOf(createUser.user) }) });
      onClose();
    }
  });

  if (made !== null) return <ConfigurationDialog made={made} onClose={onClose} />;
  return (
    <Dialog title={t('users.create')} onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <Segments<Way>
          label={t('users.keys')}
          value={way}
          options={[
            ['generate', t('users.keys.generate')],
            ['known', t('users.keys.known')],
          ]}
          onChange={setWay}
        />
        <p className="muted small">
          {t(way === 'generate' ? 'users.keys.generate.explained' : 'users.keys.known.explained')}
        </p>
        <div className="form">
          {way === 'known' ? (
            <Field label={t('field.publicKey')} problem={problems.publicKey} wide>
              {(input) => (
                <input
                  {...input}
                  className="mono"
                  autoComplete="off"
                  spellCheck={false}
                  value={key}
                  onChange={(event) => setKey(event.target.value)}
                />
              )}
            </Field>
          ) : null}
          <PersonFields draft={person} onChange={setPerson} problems={problems} />
          {interfaces.length > 1 ? (
            <Field label={t('field.interface')} problem={problems.interface}>
              {(input) => (
                <select {...input} value={name} onChange={(event) => setName(event.target.value)}>
                  {interfaces.map((each) => (
                    <option key={each.id}>{each.name}</option>
                  ))}
                </select>
              )}
            </Field>
          ) : null}
          <LimitFields
            draft={limits}
            onChange={setLimits}
            nowMs={serverNow()}
            problems={problems}
          />
        </div>
        {problem === null ? null : (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div className="dialog-foot">
          <button type="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="primary" disabled={isBusy || limitsOf(limits) === null}>
            {t('users.create.submit')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

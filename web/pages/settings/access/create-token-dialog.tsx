import { useState } from 'react';
import { useChange } from '../../../api/client.ts';
import { CreateTokenDocument, type Role } from '../../../api/generated/pages/graphql.ts';
import { serverNow } from '../../../api/server-clock.ts';
import { endOfDay } from '../../../text/days.ts';
import { t } from '../../../text/i18n.ts';
import { dayKey } from '../../../text/times.ts';
import { Field } from '../../../ui/field.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { showSecret } from '../../../ui/secret.tsx';
import { wordsOf } from '../../../ui/words.ts';
import { RoleField } from './role-field.tsx';

export interface CreateTokenDialogProps {
  /** The first token ends the access without one. */
  readonly isFirst: boolean;
  readonly onClose: () => void;
}

export function CreateTokenDialog({ isFirst, onClose }: CreateTokenDialogProps) {
  const create = useChange(CreateTokenDocument);
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(isFirst ? 'ADMIN' : 'VIEWER');
  const [owner, setOwner] = useState('');
  const [lastDay, setLastDay] = useState('');
  const [networks, setNetworks] = useState('');
  const submit = async () => {
    const allowedFrom = wordsOf(networks);
    const { createToken } = await create({
      input: {
        name: name.trim(),
        role,
        owner: role === 'SELF' ? owner.trim() || null : null,
        expiresAt: endOfDay(lastDay)?.toISOString() ?? null,
        allowedFrom: allowedFrom.length > 0 ? allowedFrom : null,
      },
    });
    showSecret({
      title: t('token.createdTitle', { name: name.trim() }),
      explained: t(isFirst ? 'token.firstCreated' : 'token.secretExplained'),
      secret: createToken.secret,
      what: t('token.secret'),
    });
  };
  return (
    <FormDialog
      title={t('token.create')}
      action={t('token.create')}
      onSubmit={submit}
      onClose={onClose}
    >
      {(problems) => (
        <>
          {isFirst ? (
            <div className="banner wide">
              <p>{t('token.first')}</p>
            </div>
          ) : null}
          <Field label={t('token.name')} hint={t('token.nameHint')} problem={problems.name} wide>
            {(input) => (
              <input
                {...input}
                autoComplete="off"
                maxLength={64}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <RoleField role={role} problem={problems.role} onChange={setRole} />
          {role === 'SELF' ? (
            <Field
              label={t('token.owner')}
              hint={t('token.ownerHint')}
              problem={problems.owner}
              wide
            >
              {(input) => (
                <input
                  {...input}
                  autoComplete="off"
                  value={owner}
                  onChange={(event) => setOwner(event.target.value)}
                />
              )}
            </Field>
          ) : null}
          <Field
            label={t('token.lastDay')}
            hint={t('token.lastDayHint')}
            problem={problems.expiresAt}
          >
            {(input) => (
              <input
                {...input}
                type="date"
                min={dayKey(serverNow())}
                value={lastDay}
                onChange={(event) => setLastDay(event.target.value)}
              />
            )}
          </Field>
          <Field
            label={t('token.allowedFrom')}
            hint={t('token.allowedFromHint')}
            problem={problems.allowedFrom}
          >
            {(input) => (
              <input
                {...input}
                autoComplete="off"
                spellCheck={false}
                placeholder="192.0.2.0/24, 2001:db8::/32"
                value={networks}
                onChange={(event) => setNetworks(event.target.value)}
              />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  );
}

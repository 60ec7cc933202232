import { type FieldError, invalidFields, type Text } from '../../domain/errors.ts';
import { fieldsWith, USER_FIELDS } from '../../domain/user-fields.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { UserInput } from './input.ts';

const changedIn = (fields: UserFields) =>
  fieldsWith('configuration').filter((name) => fields[name] !== undefined);

/** The marks to store along with the fields, so that the reconciler applies the configuration. */
export function configurationMarks(
  fields: UserFields,
  given: UserInput,
  before: UserRecord | null,
): Pick<UserFields, 'configPending' | 'presharedKeyKnown'> {
  // A null key is a statement by the client only while the stored value is not known.
  const isKeyDeclared =
    fields.presharedKey !== undefined ||
    (given.presharedKey === null && before?.presharedKeyKnown === false);
  return {
    ...(changedIn(fields).length > 0 && { configPending: true }),
    ...(fields.managed === false && { configPending: false }),
    ...((before === null || isKeyDeclared) && { presharedKeyKnown: true }),
  };
}

/** Rejects configuration for a user that is not managed: it would be stored but never applied. */
export function refuseConfiguration(fields: UserFields): void {
  const refused = changedIn(fields).map(
    (name): FieldError => ({ field: USER_FIELDS[name].input, text: NOT_MANAGED }),
  );
  if (refused.length > 0) throw invalidFields(refused);
}

const NOT_MANAGED: Text = {
  en: 'cannot be set because this peer is only monitored; take it over first (create a user with its key, or set managed to true)',
  zh: '无法设置，因为该对等节点仅被监控；请先接管它（用其公钥创建用户，或将 managed 设为 true）',
};

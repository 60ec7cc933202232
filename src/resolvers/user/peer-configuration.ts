import { type FieldError, invalidFields, type Text } from '../../domain/errors.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { UserInput } from './input.ts';

/** What WireGuard holds of a peer, with the names that clients give it. */
const CONFIGURATION = {
  interface: 'interface',
  allowedIps: 'allowedIps',
  presharedKey: 'presharedKey',
  persistentKeepaliveSeconds: 'persistentKeepalive',
} as const satisfies Partial<Record<keyof UserFields, keyof UserInput>>;

const changedIn = (fields: UserFields) =>
  (Object.keys(CONFIGURATION) as (keyof typeof CONFIGURATION)[]).filter(
    (name) => fields[name] !== undefined,
  );

/** What has to be noted beside the fields, so that the peer is brought to its configuration. */
export function configurationMarks(
  fields: UserFields,
  given: UserInput,
  before: UserRecord | null,
): Pick<UserFields, 'configPending' | 'presharedKeyKnown'> {
  // That there is none can be said only while it is not known otherwise.
  const isKeyDeclared =
    fields.presharedKey !== undefined ||
    (given.presharedKey === null && before?.presharedKeyKnown === false);
  return {
    ...(changedIn(fields).length > 0 && { configPending: true }),
    ...(fields.managed === false && { configPending: false }),
    ...((before === null || isKeyDeclared) && { presharedKeyKnown: true }),
  };
}

/** The configuration of a peer that is only watched is its owner's: kept here it would never act. */
export function refuseConfiguration(fields: UserFields): void {
  const refused = changedIn(fields).map(
    (name): FieldError => ({ field: CONFIGURATION[name], text: NOT_OURS }),
  );
  if (refused.length > 0) throw invalidFields(refused);
}

const NOT_OURS: Text = {
  en: 'cannot be set, since this peer is only watched; take it over first (create a user with its key, or set managed to true)',
  zh: '无法设置，因为该对端仅被监控；请先接管它（用其公钥创建用户，或将 managed 设为 true）',
};

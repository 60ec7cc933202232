/** How the value of a field is kept. A list is kept as one text, joined by commas, or as JSON. */
export type FieldKind = 'text' | 'integer' | 'bigint' | 'boolean' | 'date' | 'list' | 'json';

export interface UserField {
  readonly kind: FieldKind;
  /** Its name in the input of the APIs. Absent: clients cannot set it. */
  readonly input?: string;
  /** Its name in the bodies of the REST API. Absent: not there. */
  readonly rest?: string;
  /** The stored value of a field that a client cleared with null. Absent: null. */
  readonly cleared?: string | number;
  /** A command may write it: one of a client, or one that the program derives from it. */
  readonly command?: true;
  /** It says what is asked of the program, and is not part of what is declared of the user. */
  readonly intent?: true;
  /** It takes effect in WireGuard. */
  readonly enforced?: true;
  /** WireGuard itself holds it for a peer. */
  readonly configuration?: true;
  /** It is a secret, encrypted; only what writes to WireGuard reads it. */
  readonly sealed?: true;
  /** It identifies or locates a person, so viewers may not see it. */
  readonly personal?: true;
}

/** Every field of a user. All lists of fields derive from this one. */
export const USER_FIELDS = {
  id: { kind: 'integer' },
  publicKey: { kind: 'text', enforced: true },
  nickname: { kind: 'text', input: 'nickname', rest: 'nickname', cleared: '', command: true },
  mail: { kind: 'text', input: 'mail', rest: 'mail', cleared: '', command: true, personal: true },
  phone: {
    kind: 'text',
    input: 'phone',
    rest: 'phone',
    cleared: '',
    command: true,
    personal: true,
  },
  note: { kind: 'text', input: 'note', rest: 'note', cleared: '', command: true, personal: true },
  owner: { kind: 'text', input: 'owner', command: true, personal: true },
  tags: { kind: 'json', input: 'tags', cleared: '[]', command: true, personal: true },
  interface: {
    kind: 'text',
    input: 'interface',
    rest: 'interface',
    command: true,
    enforced: true,
    configuration: true,
  },
  allowedIps: {
    kind: 'list',
    input: 'allowedIps',
    rest: 'allowed_ips',
    command: true,
    enforced: true,
    configuration: true,
    personal: true,
  },
  presharedKey: {
    kind: 'text',
    input: 'presharedKey',
    rest: 'preshared_key',
    command: true,
    sealed: true,
    enforced: true,
    configuration: true,
  },
  persistentKeepaliveSeconds: {
    kind: 'integer',
    input: 'persistentKeepalive',
    rest: 'persistent_keepalive',
    command: true,
    enforced: true,
    configuration: true,
  },
  managed: { kind: 'boolean', command: true },
  registeredAt: { kind: 'date', command: true },
  enabled: { kind: 'boolean', input: 'enabled', rest: 'enabled', command: true, enforced: true },
  bandwidthLimit: {
    kind: 'integer',
    input: 'bandwidthLimit',
    rest: 'bandwidth_limit',
    cleared: 0,
    command: true,
    enforced: true,
  },
  dataLimit: {
    kind: 'integer',
    input: 'dataLimit',
    rest: 'data_limit',
    cleared: 0,
    command: true,
    enforced: true,
  },
  expiresAt: {
    kind: 'date',
    input: 'expiresAt',
    rest: 'expiry_date',
    command: true,
    enforced: true,
  },
  quotaPeriod: {
    kind: 'text',
    input: 'quotaPeriod',
    cleared: 'NONE',
    command: true,
    enforced: true,
  },
  online: { kind: 'boolean' },
  endpoint: { kind: 'text', personal: true },
  lastSeenAt: { kind: 'date' },
  quotaPeriodName: { kind: 'text' },
  quotaMarkRx: { kind: 'bigint', command: true },
  quotaMarkTx: { kind: 'bigint', command: true },
  quotaMarkAt: { kind: 'date', command: true },
  quotaWarned: { kind: 'boolean' },
  cutReason: { kind: 'text', command: true, intent: true, enforced: true },
  removedByUs: { kind: 'boolean' },
  kickRequested: { kind: 'boolean', command: true, intent: true, enforced: true },
  requestedBy: { kind: 'text', command: true, intent: true },
  missing: { kind: 'boolean', command: true, intent: true },
  configPending: { kind: 'boolean', command: true },
  revision: { kind: 'integer' },
  presharedKeyKnown: { kind: 'boolean', command: true },
  applied: { kind: 'text' },
  appliedAt: { kind: 'date' },
  enforcementError: { kind: 'text' },
  rx: { kind: 'bigint' },
  tx: { kind: 'bigint' },
  offsetRx: { kind: 'bigint', command: true },
  offsetTx: { kind: 'bigint', command: true },
  latestSessionId: { kind: 'integer' },
  createdAt: { kind: 'date' },
  updatedAt: { kind: 'date' },
} as const satisfies Readonly<Record<string, UserField>>;

type Fields = typeof USER_FIELDS;
export type UserFieldName = keyof Fields;

/** The fields that have a mark, such as `enforced`. */
export type FieldsWith<Mark extends keyof UserField> = {
  [Name in UserFieldName]: Fields[Name] extends Readonly<Record<Mark, unknown>> ? Name : never;
}[UserFieldName];

/** The name of a field in the input of the APIs. */
export type InputName<Name extends FieldsWith<'input'> = FieldsWith<'input'>> = {
  [One in Name]: Fields[One]['input'];
}[Name];

/** The name of a field in the bodies of the REST API. */
export type RestName = { [Name in FieldsWith<'rest'>]: Fields[Name]['rest'] }[FieldsWith<'rest'>];

/** The names of the fields that have a mark, in the order of the table. */
export function fieldsWith<Mark extends keyof UserField>(mark: Mark): FieldsWith<Mark>[] {
  return Object.entries(USER_FIELDS).flatMap(([name, field]) =>
    mark in field ? [name as FieldsWith<Mark>] : [],
  );
}

/** The items of a list as it is kept, joined by commas. */
export function listOf(stored: string): string[] {
  return stored.split(',').filter((item) => item !== '');
}

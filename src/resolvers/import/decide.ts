import { AppError, type Text } from '../../domain/errors.ts';
import type { AllowedIpOwner } from '../../store/enforcement/allowed-ip-owners.ts';
import type { InterfaceOverview } from '../../store/overview.ts';
import type { SealedUserRecord } from '../../store/records.ts';
import type { UserEdit, UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';
import { refuseHeldPrefixes } from '../user/choose-addresses.ts';
import { chooseInterface, followPeer } from '../user/choose-interface.ts';
import { isServersOwnKey } from '../user/create.ts';
import { changedFields, type UserInput } from '../user/input.ts';
import { requireManageMode } from '../user/manage-mode.ts';
import { configurationMarks } from '../user/peer-configuration.ts';
import { switchEvents } from '../user/switch-events.ts';
import type { ImportedUser } from './input.ts';

/** CREATE: there is no such user. LEAVE_OUT: there is none either, and none is created without taking over. */
export type ImportAction = 'CREATE' | 'UPDATE' | 'NONE' | 'LEAVE_OUT';

export interface Decided {
  readonly action: ImportAction;
  /** null: nothing is written. */
  readonly edit: UserEdit | null;
  /** Why the user cannot be imported; null if it can. */
  readonly refusal: AppError | null;
}

export interface ImportOf {
  readonly given: ImportedUser;
  readonly takeOver: boolean;
  readonly at: Date;
  /** The interfaces of the server. */
  readonly interfaces: readonly InterfaceOverview[];
  /** The interfaces that have a peer with the key. */
  readonly places: ReadonlyMap<string, readonly string[]>;
}

/** Decides what becomes of one user; an `AppError` is a result, so that a plan shows all of them. */
export function decideImport(
  ctx: Context,
  item: ImportOf,
  holder: SealedUserRecord | null,
  owners: readonly AllowedIpOwner[],
  wasDeleted: boolean,
): Decided {
  const none = { edit: null, refusal: null };
  if (holder === null && !item.takeOver) return { ...none, action: 'LEAVE_OUT' };
  const action = holder === null ? 'CREATE' : 'UPDATE';
  try {
    if (holder === null) refuseNew(item, wasDeleted);
    const edit = editOf(ctx, item, holder, owners);
    return edit === null ? { ...none, action: 'NONE' } : { edit, action, refusal: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { action, edit: null, refusal: error };
  }
}

/** What only a user that is created can have wrong. */
function refuseNew({ given, interfaces }: ImportOf, wasDeleted: boolean): void {
  if (wasDeleted) throw new AppError('CONFLICT', WAS_DELETED);
  const { interface: named, publicKey } = given;
  if (interfaces.some((one) => one.publicKey === publicKey)) throw isServersOwnKey();
  if (named != null && !interfaces.some(({ name }) => name === named)) {
    throw new AppError('NOT_FOUND', {
      en: `There is no interface ${named}; name the one of these users, such as wg0.`,
      zh: `没有接口 ${named}；请指定这些用户所在的接口，例如 wg0。`,
    });
  }
}

const WAS_DELETED: Text = {
  en: 'This user was deleted here; create it again if it should have access, or remove it from the file.',
  zh: '该用户已在此处删除；如需恢复其访问权限请重新创建，否则请从文件中删除。',
};

function editOf(
  ctx: Context,
  item: ImportOf,
  holder: SealedUserRecord | null,
  owners: readonly AllowedIpOwner[],
): UserEdit | null {
  const { publicKey: _, totalRx, totalTx, ...declared } = item.given;
  const isTaken = item.takeOver && holder?.managed !== true;
  const wanted = missingIn(holder, declared, isTaken);
  const fields: UserFields = {
    ...changedFields(ctx, wanted, holder),
    ...missingTotals(holder ?? NO_TOTALS, totalRx ?? 0n, totalTx ?? 0n),
  };
  if (isTaken) {
    takeOver(ctx, item, fields, holder);
    const prefixes = fields.allowedIps ?? holder?.allowedIps ?? '';
    refuseHeldPrefixes(
      prefixes,
      owners.filter(({ id }) => id !== holder?.id),
    );
    Object.assign(fields, configurationMarks(fields, wanted, holder));
  }
  if (Object.keys(fields).length === 0) return null;
  requireManageMode(ctx, Object.keys(fields));
  const event = fields.registeredAt === undefined ? 'USER_UPDATED' : 'USER_CREATED';
  return { fields, eventTypes: [event, ...switchEvents(fields, holder)] };
}

const NO_TOTALS = { rx: 0n, tx: 0n, offsetRx: 0n, offsetTx: 0n };

/** Makes the user managed where its peer is now. */
function takeOver(
  ctx: Context,
  { given, at, interfaces, places }: ImportOf,
  fields: UserFields,
  holder: SealedUserRecord | null,
): void {
  fields.managed = true;
  if (holder?.registeredAt == null) fields.registeredAt = at;
  if (holder?.interface == null) {
    fields.interface = chooseInterface(ctx, interfaces, given.interface);
  }
  if (holder !== null) followPeer(fields, holder, places.get(given.publicKey) ?? []);
}

type IsEmpty = (holder: SealedUserRecord) => boolean;

/** Whether a user has no value yet that an import may fill; a discovered one was named after its id. */
const EMPTY: { readonly [Name in keyof UserInput]?: IsEmpty } = {
  nickname: ({ id, nickname }) => nickname === '' || nickname === `User_${id}`,
  mail: ({ mail }) => mail === '',
  note: ({ note }) => note === '',
  enabled: ({ registeredAt }) => registeredAt === null,
  dataLimit: ({ dataLimit }) => dataLimit === 0,
  expiresAt: ({ expiresAt }) => expiresAt === null,
};

/** The same for the configuration of a peer that is taken over. */
const EMPTY_CONFIGURATION: typeof EMPTY = {
  allowedIps: ({ allowedIps }) => allowedIps === null,
  presharedKey: ({ presharedKeyKnown }) => !presharedKeyKnown,
  persistentKeepalive: ({ persistentKeepaliveSeconds }) => persistentKeepaliveSeconds === null,
};

/** The declared values for which the user has none yet. */
function missingIn(
  holder: SealedUserRecord | null,
  declared: UserInput,
  isTaken: boolean,
): UserInput {
  const isMissing = (name: string) => {
    const isEmpty = EMPTY[name as keyof UserInput];
    return holder === null || (isEmpty?.(holder) ?? (isTaken && isUnknown(name, holder)));
  };
  // A peer that the file enables is enabled already, unless an operator disabled it.
  const said = Object.entries(declared).filter(
    ([, value]) => value != null && value !== '' && value !== 0 && value !== true,
  );
  return Object.fromEntries(said.filter(([name]) => isMissing(name)));
}

function isUnknown(name: string, holder: SealedUserRecord): boolean {
  return EMPTY_CONFIGURATION[name as keyof UserInput]?.(holder) ?? false;
}

/**
 * Raises the totals to the imported ones. They are not added: both tools counted the bytes since the interface was
 * created.
 */
function missingTotals(
  { rx, tx, offsetRx, offsetTx }: Pick<SealedUserRecord, keyof typeof NO_TOTALS>,
  totalRx: bigint,
  totalTx: bigint,
): UserFields {
  return {
    ...(totalRx > rx - offsetRx && { offsetRx: rx - totalRx }),
    ...(totalTx > tx - offsetTx && { offsetTx: tx - totalTx }),
  };
}

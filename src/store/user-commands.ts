import { setImmediate as nextTurn } from 'node:timers/promises';
import { serial } from '../async/serial.ts';
import type { AuditAction } from '../domain/audit-action.ts';
import { userNotFound } from '../domain/errors.ts';
import { type FieldsWith, fieldsWith } from '../domain/user-fields.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Database, Transaction } from './database/open.ts';
import { type AllowedIpOwner, allowedIpOwners, ownerOf } from './enforcement/allowed-ip-owners.ts';
import { forgetDeletedKey } from './enforcement/deleted-keys.ts';
import { recordEvents } from './event-log.ts';
import { translateWriteErrors } from './failures/write-errors.ts';
import type { EventRecord, SealedUserRecord, UserRecord } from './records.ts';

/** Fields of a user that a command may set. */
export type UserFields = Partial<Pick<SealedUserRecord, FieldsWith<'command'>>>;

/** A command's effect, decided on the row as it is inside the transaction. */
export interface UserEdit {
  readonly fields: UserFields;
  readonly eventTypes: readonly string[];
}

/** Decides on the row as it is inside the transaction; `others` is called only if needed. */
export type Decide<Row> = (
  row: Row,
  others: () => Promise<AllowedIpOwner[]>,
) => UserEdit | Promise<UserEdit>;

const INTENTS: ReadonlySet<string> = new Set(fieldsWith('intent'));

/** The author and the action, for the audit log. */
export interface Command {
  readonly actor: string;
  readonly action: AuditAction;
  readonly at: Date;
}

/** A key, and what is decided about its user, which is null if no user has the key. */
export interface NewUser {
  readonly publicKey: string;
  /**
   * Returns null for a user that stays as it is. `owners` are all users, this one included; `wasDeleted`: a user with
   * this key was deleted.
   */
  readonly decide: (
    holder: SealedUserRecord | null,
    owners: readonly AllowedIpOwner[],
    wasDeleted: boolean,
  ) => UserEdit | null;
}

/** The result of a command, and the events that it logged. */
export interface UserWrite {
  readonly user: UserRecord;
  readonly events: readonly EventRecord[];
}

export function userCommands(db: Database) {
  // One at a time, with a turn of the event loop before each: however many arrive at once, a poll waits for
  // only one of them, at each of its reads and transactions.
  const inTurn = serial();
  const write = <T>(task: (tx: Transaction) => Promise<T>): Promise<T> =>
    translateWriteErrors(
      inTurn(async () => {
        await nextTurn();
        return db.$transaction(task);
      }),
    );
  return {
    /**
     * Creates the user of a key, or edits the one that has it, as decided by `decide`, which gets that user
     * (null: no user has the key).
     */
    create: (
      publicKey: string,
      decide: Decide<SealedUserRecord | null>,
      command: Command,
    ): Promise<UserWrite> =>
      write(async (tx) => {
        const holder = await tx.user.findUnique({ where: { publicKey } });
        const edit = await decide(holder, () => allowedIpOwners(tx, holder?.id));
        return writeEdit(tx, publicKey, holder, edit, command);
      }),

    /**
     * Does the same for many keys in one transaction. Returns null, and writes nothing, if `isKept` returns false
     * after all are decided.
     */
    createAll: async (
      items: readonly NewUser[],
      command: Command,
      isKept: () => boolean,
    ): Promise<UserWrite[] | null> => {
      try {
        return await write(async (tx) => {
          const writes: UserWrite[] = [];
          // Read once: reading them for each user would take the square of the time.
          const owners = await allowedIpOwners(tx);
          for (const { publicKey, decide } of items) {
            const holder = await tx.user.findUnique({ where: { publicKey } });
            // Asked only of the few keys without a user.
            const deleted =
              holder === null ? await tx.deletedKey.findUnique({ where: { publicKey } }) : null;
            const edit = decide(holder, owners, deleted !== null);
            if (edit === null) continue;
            const done = await writeEdit(tx, publicKey, holder, edit, command);
            owners.push(ownerOf(done.user));
            writes.push(done);
          }
          if (!isKept()) throw new RolledBack();
          return writes;
        });
      } catch (error) {
        if (error instanceof RolledBack) return null;
        throw error;
      }
    },

    /**
     * Changes a user as decided by `decide`, which gets the row; an edit without fields changes nothing and
     * logs nothing. Rejects with `NOT_FOUND`.
     */
    edit: (id: number, decide: Decide<SealedUserRecord>, command: Command): Promise<UserWrite> =>
      write(async (tx) => {
        const before = await tx.user.findUnique({ where: { id } });
        if (before === null) throw userNotFound();
        const edit = await decide(before, () => allowedIpOwners(tx, id));
        if (Object.keys(edit.fields).length === 0) return { user: before, events: [] };
        const isDeclared = Object.keys(edit.fields).some((name) => !INTENTS.has(name));
        const data: Prisma.UserUpdateInput = {
          ...edit.fields,
          ...(isDeclared && { updatedAt: command.at, revision: { increment: 1 } }),
        };
        const user = await tx.user.update({ where: { id }, data });
        if (user.interface !== before.interface) await disown(tx, before);
        return log(tx, user, edit, command);
      }),
  };
}

class RolledBack extends Error {}

async function writeEdit(
  tx: Transaction,
  publicKey: string,
  holder: SealedUserRecord | null,
  edit: UserEdit,
  command: Command,
): Promise<UserWrite> {
  const { at } = command;
  if (holder === null) await forgetDeletedKey(tx, publicKey);
  const user =
    holder === null
      ? await tx.user.create({
          data: { publicKey, quotaMarkAt: at, createdAt: at, updatedAt: at, ...edit.fields },
        })
      : await tx.user.update({
          where: { publicKey },
          data: { ...edit.fields, updatedAt: at, revision: { increment: 1 } },
        });
  if (holder !== null && user.interface !== holder.interface) await disown(tx, holder);
  return log(tx, user, edit, command);
}

/** On an interface that a user was moved away from, nothing is to be restored. */
async function disown(tx: Transaction, { publicKey, interface: name }: UserRecord): Promise<void> {
  if (name === null) return;
  await tx.peer.updateMany({ where: { publicKey, interface: name }, data: { removedByUs: false } });
}

async function log(
  tx: Transaction,
  user: UserRecord,
  edit: UserEdit,
  { actor, action, at }: Command,
): Promise<UserWrite> {
  await tx.auditEntry.create({
    data: {
      at,
      actor,
      action,
      userId: user.id,
      detail: JSON.stringify({ fields: Object.keys(edit.fields) }),
    },
  });
  const events = await recordEvents(
    tx,
    at,
    edit.eventTypes.map((type) => ({
      type,
      userId: user.id,
      sessionId: null,
      interface: null,
      endpoint: null,
      reason: null,
      actor,
    })),
  );
  return { user, events };
}

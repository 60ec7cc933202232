import { userNotFound } from '../errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Database, Transaction } from './database.ts';
import { recordEvents } from './record-events.ts';
import type { EventRecord, UserRecord } from './records.ts';

/** Fields of a user that a command may set. */
export type UserFields = Partial<
  Pick<
    UserRecord,
    | 'nickname'
    | 'mail'
    | 'phone'
    | 'note'
    | 'interface'
    | 'allowedIps'
    | 'persistentKeepaliveSeconds'
    | 'presharedKey'
    | 'managed'
    | 'registeredAt'
    | 'enabled'
    | 'bandwidthLimit'
    | 'dataLimit'
    | 'expiresAt'
    | 'quotaPeriod'
    | 'quotaMarkRx'
    | 'quotaMarkTx'
    | 'quotaMarkAt'
    | 'offsetRx'
    | 'offsetTx'
  >
>;

/** A command's effect, decided on the row as it is inside the transaction. */
export interface UserEdit {
  readonly fields: UserFields;
  readonly eventTypes: readonly string[];
}

/** Who asked for what, for the audit log. */
export interface Command {
  readonly actor: string;
  readonly action: string;
  readonly at: Date;
}

/** What a command left, and what it logged. */
export interface UserWrite {
  readonly user: UserRecord;
  readonly events: readonly EventRecord[];
}

export function userCommands(db: Database) {
  return {
    /**
     * Creates the user of a key, or edits the one that holds it, as `decide` says after it has seen
     * that one (null: nobody holds it).
     */
    create: (
      publicKey: string,
      decide: (holder: UserRecord | null) => UserEdit,
      command: Command,
    ): Promise<UserWrite> =>
      db.$transaction(async (tx) => {
        const { at } = command;
        const holder = await tx.user.findUnique({ where: { publicKey } });
        const edit = decide(holder);
        const user =
          holder === null
            ? await tx.user.create({
                data: { publicKey, quotaMarkAt: at, createdAt: at, updatedAt: at, ...edit.fields },
              })
            : await tx.user.update({
                where: { publicKey },
                data: { ...edit.fields, updatedAt: at },
              });
        return log(tx, user, edit, command);
      }),

    /**
     * Changes a user as `decide` says after it has seen the row; an edit without fields changes
     * nothing and logs nothing. Rejects with `NOT_FOUND`.
     */
    edit: (
      id: number,
      decide: (before: UserRecord) => UserEdit,
      command: Command,
    ): Promise<UserWrite> =>
      db.$transaction(async (tx) => {
        const before = await tx.user.findUnique({ where: { id } });
        if (before === null) throw userNotFound();
        const edit = decide(before);
        if (Object.keys(edit.fields).length === 0) return { user: before, events: [] };
        const data: Prisma.UserUpdateInput = { ...edit.fields, updatedAt: command.at };
        const user = await tx.user.update({ where: { id }, data });
        return log(tx, user, edit, command);
      }),
  };
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
    })),
  );
  return { user, events };
}

import type { NewLogin, StoredLogin } from '../../access/login.ts';
import type { LoginStore } from '../../access/logins.ts';
import { hashOf } from '../../access/token.ts';
import { AppError } from '../../domain/errors.ts';
import type { Database } from '../database/open.ts';
import { translateWriteErrors } from '../failures/write-errors.ts';
import type { Command } from '../user-commands.ts';

/** The most logins of a token; more are a program that logs in again for each request. */
const MAX_LOGINS_OF_TOKEN = 100;

export interface LoginCommands extends LoginStore {
  /** Ends a login. Rejects with `NOT_FOUND`. */
  end(id: number, command: Command): Promise<void>;
  /** Deletes the logins that have ended, and those whose token is not in force. */
  dropEnded(now: Date, ownToken: string | null): Promise<void>;
}

export function loginStore(db: Database): LoginCommands {
  return {
    add: (login: NewLogin) =>
      translateWriteErrors(
        db.$transaction(async (tx) => {
          const { tokenHash } = login;
          const tooMany = await tx.login.findMany({
            where: { tokenHash },
            orderBy: { id: 'desc' },
            skip: MAX_LOGINS_OF_TOKEN - 1,
            select: { id: true },
          });
          await tx.login.deleteMany({ where: { id: { in: tooMany.map(({ id }) => id) } } });
          await tx.login.create({ data: login });
        }),
      ),

    remove: async (hash) => {
      // Looked up first, so that a client without a login causes no write.
      if ((await db.login.findUnique({ where: { hash } })) === null) return false;
      await translateWriteErrors(db.login.deleteMany({ where: { hash } }));
      return true;
    },

    end: (id, { at, actor, action }) =>
      translateWriteErrors(
        db.$transaction(async (tx) => {
          const login = await tx.login.findUnique({ where: { id } });
          if (login === null) throw loginNotFound();
          await tx.login.delete({ where: { id } });
          const token = await tx.token.findUnique({ where: { hash: login.tokenHash } });
          const detail = JSON.stringify({ login: id, token: token?.name ?? 'WGQL_TOKEN' });
          await tx.auditEntry.create({ data: { at, actor, action, userId: null, detail } });
        }),
      ),

    dropEnded: async (now, ownToken) => {
      const own = ownToken === null ? null : hashOf(ownToken);
      await db.$direct((tx) => tx.$executeRawUnsafe(DROP_ENDED, now, own, now));
    },
  };
}

const DROP_ENDED = `
  DELETE FROM "Login" WHERE "expiresAt" <= ? OR ("tokenHash" IS NOT ? AND "tokenHash" NOT IN (
    SELECT "hash" FROM "Token"
    WHERE "revokedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > ?)))`;

/** All logins, by id. */
export async function readLogins(db: Database): Promise<StoredLogin[]> {
  const rows = await db.$read(
    `SELECT "id", "tokenHash", "hash", "createdAt", "expiresAt", "address" FROM "Login" ORDER BY "id"`,
  );
  return rows.map(([id, tokenHash, hash, createdAt, expiresAt, address]) => ({
    id: id as number,
    tokenHash: tokenHash as string,
    hash: hash as string,
    createdAt: new Date(createdAt as number),
    expiresAt: new Date(expiresAt as number),
    address: address as string | null,
  }));
}

function loginNotFound(): AppError {
  return new AppError('NOT_FOUND', {
    en: 'There is no login with this id; list the logins to see which exist.',
    zh: '没有该 ID 的登录；请查看登录列表。',
  });
}

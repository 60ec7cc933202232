import type { AccessStore } from '../../access/token-refresh.ts';
import { AppError } from '../../domain/errors.ts';
import type { Database, Transaction } from '../database/open.ts';
import { runBulk } from '../database/sql.ts';
import { translateWriteErrors } from '../failures/write-errors.ts';
import { hasAuthentication, requireAuthentication } from '../meta.ts';
import type { TokenRecord } from '../records.ts';
import type { Command } from '../user-commands.ts';
import { readLogins } from './login.ts';

export type NewToken = Pick<
  TokenRecord,
  'name' | 'role' | 'hash' | 'expiresAt' | 'allowedFrom' | 'owner'
>;

export interface TokenStore extends AccessStore {
  /** All, revoked and expired ones too, by id. */
  list(): Promise<TokenRecord[]>;
  /** Rejects with `CONFLICT` if the name was used before. Creating the first token makes a token required. */
  create(token: NewToken, command: Command): Promise<TokenRecord>;
  /** Changes nothing if the token is revoked already. Rejects with `NOT_FOUND`. */
  revoke(which: TokenKey, command: Command): Promise<TokenRecord>;
}

export type TokenKey = { readonly id: number } | { readonly name: string };

export function tokenStore(db: Database): TokenStore {
  return {
    load: async () => {
      const rows = await db.$read(`SELECT ${TOKEN_COLUMNS} FROM "Token" ORDER BY "id"`);
      const tokens = rows.map(tokenOf);
      const logins = await readLogins(db);
      return { hadToken: tokens.length > 0 || (await hasAuthentication(db)), tokens, logins };
    },

    list: () => db.token.findMany({ orderBy: { id: 'asc' } }),

    create: (token, command) =>
      translateWriteErrors(
        db.$transaction(async (tx) => {
          const holder = await tx.token.findUnique({ where: { name: token.name } });
          if (holder !== null) throw nameIsTaken(token.name);
          await requireAuthentication(tx, command.at);
          const created = await tx.token.create({
            data: { ...token, createdAt: command.at, createdBy: command.actor },
          });
          await audit(tx, created, command);
          return created;
        }),
      ),

    revoke: (which, command) =>
      translateWriteErrors(
        db.$transaction(async (tx) => {
          const before = await tx.token.findUnique({ where: which });
          if (before === null) throw tokenNotFound();
          if (before.revokedAt !== null) return before;
          await audit(tx, before, command);
          return tx.token.update({ where: which, data: { revokedAt: command.at } });
        }),
      ),

    markUsed: async (uses) => {
      const rows = uses.map(({ id, atMs }) => [id, atMs]);
      await db.$transaction((tx) =>
        runBulk(
          tx,
          `UPDATE "Token" SET "lastUsedAt" = j."at"
           FROM (SELECT value->>0 AS "id", value->>1 AS "at" FROM json_each(?)) AS j
           WHERE "Token"."id" = j."id"`,
          rows,
        ),
      );
    },

    requireAuthentication: (at) => requireAuthentication(db, at),
  };
}

/** In the order of `tokenOf`. */
const TOKEN_COLUMNS = `"id", "name", "role", "hash", "createdAt", "createdBy", "expiresAt", "allowedFrom",
  "lastUsedAt", "revokedAt", "owner"`;

function tokenOf(cells: readonly unknown[]): TokenRecord {
  const [id, name, role, hash, createdAt, createdBy, expiresAt, allowedFrom, ...later] = cells;
  const [usedAt, endedAt, owner] = later;
  const date = (cell: unknown) => (cell === null ? null : new Date(cell as number));
  return {
    id: id as number,
    name: name as string,
    role: role as string,
    hash: hash as string,
    createdAt: new Date(createdAt as number),
    createdBy: createdBy as string,
    expiresAt: date(expiresAt),
    allowedFrom: allowedFrom as string | null,
    lastUsedAt: date(usedAt),
    revokedAt: date(endedAt),
    owner: owner as string | null,
  };
}

async function audit(
  tx: Transaction,
  { name, role }: TokenRecord,
  { actor, action, at }: Command,
): Promise<void> {
  const detail = JSON.stringify({ token: name, role });
  await tx.auditEntry.create({ data: { at, actor, action, userId: null, detail } });
}

function nameIsTaken(name: string): AppError {
  return new AppError('CONFLICT', {
    en: `A token named ${JSON.stringify(name)} already exists or existed before; choose another name for the new token.`,
    zh: `名为 ${JSON.stringify(name)} 的令牌已存在或曾经存在；请为新令牌选择其他名称。`,
  });
}

function tokenNotFound(): AppError {
  return new AppError('NOT_FOUND', {
    en: 'The token does not exist; list the tokens to see which exist.',
    zh: '该令牌不存在；请查看令牌列表。',
  });
}

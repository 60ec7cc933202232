import * as z from 'zod';
import type { Role } from '../../access/principal.ts';
import { hashOf, newSecret } from '../../access/token.ts';
import type { AuditAction } from '../../domain/audit-action.ts';
import { invalidField } from '../../domain/errors.ts';
import type { TokenRecord } from '../../store/records.ts';
import type { Command } from '../../store/user-commands.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';
import { useCase } from '../use-case.ts';
import { type TokenInput, tokenInput } from './input.ts';

/** A token as administrators see it, without its secret or hash. */
export interface Token {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly createdBy: string;
  /** null means never. */
  readonly expiresAt: Date | null;
  /** null means any address. */
  readonly allowedFrom: readonly string[] | null;
  /** null means never. */
  readonly lastUsedAt: Date | null;
  /** Whose users a token with the role `self` reads; null for the other roles. */
  readonly owner: string | null;
  /** null means not revoked. */
  readonly revokedAt: Date | null;
}

/** Returns all tokens ever created, sorted by id. */
export const tokens = useCase(
  'tokens',
  'admin',
  z.object({}),
  async (ctx): Promise<Token[]> => (await ctx.store.tokens.list()).map(tokenOf),
);

/** A new token and its secret, which is not stored. */
export interface CreatedToken {
  readonly token: Token;
  readonly secret: string;
}

export const createToken = useCase(
  'createToken',
  'admin',
  tokenInput,
  async (ctx, given): Promise<CreatedToken> => {
    const command = commandOf(ctx, 'createToken');
    refusePast(given, command.at);
    const { secret, stored } = newToken(given);
    const token = await ctx.store.tokens.create(stored, command);
    await ctx.access.refresh();
    return { token: tokenOf(token), secret };
  },
);

/** Revokes a token and ends its subscriptions immediately. Does nothing if it is already revoked. */
export const revokeToken = useCase(
  'revokeToken',
  'admin',
  z.object({ id: input.id }),
  async (ctx, { id }): Promise<Token> => {
    const token = await ctx.store.tokens.revoke({ id }, commandOf(ctx, 'revokeToken'));
    await ctx.access.refresh();
    return tokenOf(token);
  },
);

/** Generates the secret to show once, and the record that stores its hash. */
export function newToken({ name, role, expiresAt, allowedFrom, owner }: TokenInput) {
  const secret = newSecret();
  const stored = {
    name,
    role,
    hash: hashOf(secret),
    expiresAt: expiresAt ?? null,
    allowedFrom: allowedFrom?.join(',') ?? null,
    owner: owner ?? null,
  };
  return { secret, stored };
}

/** Rejects an expiry in the past: the token could never be used, so the input must be a mistake. */
export function refusePast({ expiresAt }: TokenInput, now: Date): void {
  if (expiresAt == null || expiresAt > now) return;
  throw invalidField('expiresAt', input.problemText('future'));
}

function commandOf(ctx: Context, action: AuditAction): Command {
  const { name: actor } = authorize(ctx, 'admin');
  return { actor, action, at: new Date(ctx.clock.wallMs()) };
}

export function tokenOf(record: TokenRecord): Token {
  const { hash, allowedFrom, role, ...shown } = record;
  return { ...shown, role: role as Role, allowedFrom: allowedFrom?.split(',') ?? null };
}

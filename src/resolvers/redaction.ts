import { includesRole, type Role } from '../access/principal.ts';
import { AppError, type Text } from '../domain/errors.ts';
import type { FieldsWith } from '../domain/user-fields.ts';
import type { Search } from '../store/lists/search.ts';
import type { Context } from './context.ts';

/** Fields of any record that identify or locate a person; visible only to operators and admins. */
export type PersonalField = FieldsWith<'personal'>;

type Reader = Pick<Context, 'principal'>;

/** Returns a personal field, or null if the reader may not see it. All APIs read these fields here. */
export function personal<Row, Name extends PersonalField & keyof Row>(
  reader: Reader,
  row: Row,
  name: Name,
): Row[Name] | null {
  return seesPersons(reader) ? row[name] : null;
}

/** Rejects a filter by personal fields that the reader may not see, because a match reveals the value. */
export function requireSight(reader: Reader): void {
  if (seesPersons(reader)) return;
  throw new AppError('FORBIDDEN', {
    en: 'A filter by owner or tag requires the role operator; use a token with the role operator.',
    zh: '按所有者或标签筛选需要 operator 角色；请使用具有 operator 角色的令牌。',
  });
}

/** Limits a search to fields that the reader may see, because a match reveals the value. */
export function visibleSearch(reader: Reader, text: string): Search {
  return { text, inMail: seesPersons(reader) };
}

/** Why a limit could not be applied; hidden from viewers, because it may contain addresses. */
export function visibleFailure(reader: Reader, failure: Text | null): Text | null {
  return failure === null || seesPersons(reader) ? failure : FAILED;
}

/** The reason of an event: a stable word, or for a failed limit a sentence, which viewers may not see. */
export function visibleReason(
  reader: Reader,
  { type, reason }: { readonly type: string; readonly reason: string | null },
): string | null {
  return type === 'LIMIT_FAILED' && !seesPersons(reader) ? null : reason;
}

/** The actor of an event. Only admins see the names of tokens, as in the audit log. */
export function visibleActor(
  reader: Reader,
  { actor }: { readonly actor: string | null },
): string | null {
  return actor === null || isReserved(actor) || isAtLeast(reader, 'admin') ? actor : null;
}

/** Whether the name is a reserved one, which no token can have. */
function isReserved(actor: string): boolean {
  return actor === 'local' || actor === 'wgql';
}

/** Whether a reader may see personal fields. */
export function seesPersons(reader: Reader): boolean {
  return isAtLeast(reader, 'operator');
}

function isAtLeast({ principal }: Reader, role: Role): boolean {
  return !(principal instanceof AppError) && includesRole(principal.role, role);
}

const FAILED: Text = {
  en: 'The required state could not be applied; use a token with the role operator to see why.',
  zh: '所要求的状态未能生效；请使用具有 operator 角色的令牌查看原因。',
};

import { includesRole, type Role } from '../access/principal.ts';
import { noRight } from '../access/refusals.ts';
import { AppError, type Text } from '../domain/errors.ts';
import type { FieldsWith } from '../domain/user-fields.ts';
import type { Search } from '../store/lists/search.ts';
import type { Context } from './context.ts';

/** Fields of any record that identify or locate a person. */
export type PersonalField = FieldsWith<'personal'>;

type Reader = Pick<Context, 'principal'>;

/**
 * What a reader sees of users: `all` personal fields; its `own`, because it sees no other users, without what
 * operators note about it; or `none`.
 */
export type Sight = 'all' | 'own' | 'none';

export function sightOf(reader: Reader): Sight {
  const { principal } = reader;
  if (isAtLeast(reader, 'operator')) return 'all';
  return !(principal instanceof AppError) && principal.role === 'self' ? 'own' : 'none';
}

/** Returns a personal field, or null if the reader may not see it. All APIs read these fields here. */
export function personal<Row, Name extends PersonalField & keyof Row>(
  reader: Reader,
  row: Row,
  name: Name,
): Row[Name] | null {
  const sight = sightOf(reader);
  return sight === 'all' || (sight === 'own' && name !== 'note') ? row[name] : null;
}

/** Rejects a filter by personal fields that the reader may not see, because a match reveals the value. */
export function requireSight(reader: Reader): void {
  if (sightOf(reader) === 'none') throw noRight('viewer', 'operator');
}

/** Limits a search to fields that the reader may see, because a match reveals the value. */
export function visibleSearch(reader: Reader, text: string): Search {
  return { text, inMail: sightOf(reader) !== 'none' };
}

/** Why a limit could not be applied; only for operators, because it may contain addresses of others. */
export function visibleFailure(reader: Reader, failure: Text | null): Text | null {
  return failure === null || isAtLeast(reader, 'operator') ? failure : FAILED;
}

/** The reason of an event: a stable word, or for a failed limit a sentence, which only operators may see. */
export function visibleReason(
  reader: Reader,
  { type, reason }: { readonly type: string; readonly reason: string | null },
): string | null {
  return type === 'LIMIT_FAILED' && !isAtLeast(reader, 'operator') ? null : reason;
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

/** The current problem of the server; in general terms for who sees only its own users, because it may name others. */
export function visibleProblem(reader: Reader, problem: Text | null): Text | null {
  return problem === null || sightOf(reader) !== 'own' ? problem : PROBLEM;
}

function isAtLeast({ principal }: Reader, role: Role): boolean {
  return !(principal instanceof AppError) && includesRole(principal.role, role);
}

const FAILED: Text = {
  en: 'The required state could not be applied; use a token with the role operator to see why.',
  zh: '所要求的状态未能生效；请使用具有 operator 角色的令牌查看原因。',
};

const PROBLEM: Text = {
  en: 'There is a problem with the server; ask its administrator.',
  zh: '服务器存在问题；请联系管理员。',
};

import { includesRole, type Role } from '../access/principal.ts';
import { AppError, type Text } from '../domain/errors.ts';
import type { Search } from '../store/lists/search.ts';
import type { Context } from './context.ts';

/** What tells who a person is and where, on whatever row it stands: for operators alone. */
export type PersonalField = 'mail' | 'phone' | 'note' | 'endpoint' | 'allowedIps';

type Reader = Pick<Context, 'principal'>;

/** A personal field of a row; null for a reader who may not see it. Every door reads them here. */
export function personal<Row, Name extends PersonalField & keyof Row>(
  reader: Reader,
  row: Row,
  name: Name,
): Row[Name] | null {
  return seesPersons(reader) ? row[name] : null;
}

/** What a reader searches in: nothing that it may not see, since hits would tell it. */
export function visibleSearch(reader: Reader, text: string): Search {
  return { text, inMail: seesPersons(reader) };
}

/** What stood in the way of a limit; it may name addresses. */
export function visibleFailure(reader: Reader, failure: Text | null): Text | null {
  return failure === null || seesPersons(reader) ? failure : FAILED;
}

/** Why something happened: a stable word, or of a failed limit the sentence about it. */
export function visibleReason(
  reader: Reader,
  { type, reason }: { readonly type: string; readonly reason: string | null },
): string | null {
  return type === 'LIMIT_FAILED' && !seesPersons(reader) ? null : reason;
}

/** Who or what caused something; the names of tokens are the administrators', like the audit log. */
export function visibleActor(
  reader: Reader,
  { actor }: { readonly actor: string | null },
): string | null {
  return actor === null || isNobody(actor) || isAtLeast(reader, 'admin') ? actor : null;
}

/** Whether the name is nobody's in particular; tokens cannot be called so. */
function isNobody(actor: string): boolean {
  return actor === 'local' || actor === 'wgql';
}

function seesPersons(reader: Reader): boolean {
  return isAtLeast(reader, 'operator');
}

function isAtLeast({ principal }: Reader, role: Role): boolean {
  return !(principal instanceof AppError) && includesRole(principal.role, role);
}

const FAILED: Text = {
  en: 'What is asked could not be brought into force; operators see why.',
  zh: '所要求的设置未能生效；操作员可以查看原因。',
};

import * as z from 'zod';
import { invalidField } from '../../domain/errors.ts';
import type { Position } from '../../store/lists/page.ts';
import { problemText } from '../input.ts';

/**
 * A cursor returned by a client. A cursor that is only an id comes from a list sorted by id, or from
 * version 0.1.0, which used ids for all lists.
 */
type Cursor =
  | { readonly id: number }
  | { readonly order: string; readonly value: string | bigint; readonly id: number };

const MAX_LENGTH = 4096;
const MAX_ID = 2_147_483_647;

const parts = z.tuple([z.string(), z.string(), z.int().min(0).max(MAX_ID)]);

/**
 * The cursor of a row. It holds the sort position, so paging continues there if the row is deleted or moved.
 */
export function cursorAt(order: string, { value, id }: Position): string {
  if (order === 'ID') return String(id);
  const text = typeof value === 'bigint' ? `n${value}` : `s${value}`;
  return Buffer.from(JSON.stringify([order, text, id])).toString('base64url');
}

/** Returns null if the text is not a cursor. */
export function readCursor(text: string): Cursor | null {
  if (text.length > MAX_LENGTH) return null;
  // An id larger than any row's is valid: no entries follow it.
  if (/^\d+$/.test(text)) return { id: Math.min(Number(text), MAX_ID) };
  const { data } = parts.safeParse(parsed(Buffer.from(text, 'base64url').toString('utf8')));
  if (data === undefined) return null;
  const [order, typed, id] = data;
  const value = readValue(typed);
  return value === null ? null : { order, value, id };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function readValue(typed: string): string | bigint | null {
  const text = typed.slice(1);
  if (typed.startsWith('s')) return text;
  if (!/^n-?\d{1,19}$/.test(typed)) return null;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : null;
}

/**
 * The position of a cursor in a list sorted by `order`. For a cursor with only an id, `valueAt` returns the sort value
 * of that row, or null if there is no such row.
 */
async function positionAt(
  name: 'after' | 'before',
  cursor: Cursor | undefined,
  order: string,
  valueAt: (id: number) => Promise<string | bigint | null>,
): Promise<Position | undefined> {
  if (cursor === undefined) return undefined;
  if ('order' in cursor) {
    if (cursor.order !== order) throw invalidField(name, problemText('cursor'));
    return cursor;
  }
  const { id } = cursor;
  const value = order === 'ID' ? BigInt(id) : await valueAt(id);
  if (value === null) throw invalidField(name, problemText('cursor'));
  return { value, id };
}

/** The positions between which a list sorted by `order` is read; see `positionAt`. */
export async function positions(
  { after, before }: { readonly after: Cursor | undefined; readonly before: Cursor | undefined },
  order: string,
  valueAt: (id: number) => Promise<string | bigint | null>,
): Promise<Record<'after' | 'before', Position | undefined>> {
  return {
    after: await positionAt('after', after, order, valueAt),
    before: await positionAt('before', before, order, valueAt),
  };
}

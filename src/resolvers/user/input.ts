import * as z from 'zod';
import { storedTags } from '../../domain/tags.ts';
import {
  type FieldsWith,
  fieldsWith,
  type InputName,
  USER_FIELDS,
  type UserField,
} from '../../domain/user-fields.ts';
import { areSamePrefixes } from '../../domain/wireguard/prefix.ts';
import type { SealedUserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';

/** Each field may be absent (unchanged) or null (cleared), except `enabled`, which cannot be cleared. */
export const userInput = z.object({
  nickname: input.text.nullish(),
  mail: input.mail.nullish(),
  phone: input.text.nullish(),
  note: input.text.nullish(),
  owner: input.owner.nullish(),
  tags: input.tags.nullish(),
  interface: input.interfaceName.nullish(),
  allowedIps: input.allowedIps.nullish(),
  presharedKey: input.presharedKey.nullish(),
  persistentKeepalive: input.keepalive.nullish(),
  enabled: input.boolean.optional(),
  bandwidthLimit: input.limit.nullish(),
  dataLimit: input.limit.nullish(),
  expiresAt: input.wholeSecond.nullish(),
  quotaPeriod: input.quotaPeriod.nullish(),
} satisfies Record<InputName, z.ZodType>);

export type UserInput = z.output<typeof userInput>;

/** Returns the given fields whose value differs from the stored one; for a new user, all given fields. */
export function changedFields(
  ctx: Context,
  given: UserInput,
  before: SealedUserRecord | null,
): UserFields {
  const fields = Object.entries(storedForm(ctx, given, before)).filter(
    ([name, value]) =>
      value !== undefined && !isEqual(value, before?.[name as keyof SealedUserRecord]),
  );
  return Object.fromEntries(fields) as UserFields;
}

/** Converts the fields to their stored form; undefined means not given. */
function storedForm(ctx: Context, given: UserInput, before: SealedUserRecord | null): UserFields {
  const entries = fieldsWith('input').map((name) => {
    const field: UserField = USER_FIELDS[name];
    const value = given[USER_FIELDS[name].input];
    if (value === undefined) return [name, undefined];
    if (value === null) return [name, field.cleared ?? null];
    return [name, encoded(ctx, name, value, before)];
  });
  return Object.fromEntries(entries) as UserFields;
}

function encoded(
  ctx: Context,
  name: FieldsWith<'input'>,
  value: unknown,
  before: SealedUserRecord | null,
): unknown {
  switch (name) {
    case 'allowedIps':
      return listed(value as string[], before?.allowedIps ?? null);
    case 'tags':
      return storedTags(value as string[]);
    case 'presharedKey':
      return sealed(ctx, value as string, before?.presharedKey ?? null);
    case 'persistentKeepaliveSeconds':
      // WireGuard shows an interval of 0 as off, so both are stored as null.
      return value === 0 ? null : value;
    default:
      return Array.isArray(value) ? value.join(',') : value;
  }
}

/** Keeps the stored text if only the order of the prefixes differs. */
function listed(prefixes: readonly string[], stored: string | null): string {
  const text = prefixes.join(',');
  return stored !== null && areSamePrefixes(stored, text) ? stored : text;
}

/** Keeps the stored text of an unchanged secret: encrypting it again would give a different text. */
function sealed(ctx: Context, presharedKey: string, stored: string | null): string {
  return stored !== null && opened(ctx, stored) === presharedKey
    ? stored
    : ctx.secrets.seal(presharedKey);
}

/** Returns null if the text was encrypted with another key; the new value then replaces it. */
function opened(ctx: Context, sealedText: string): string | null {
  try {
    return ctx.secrets.open(sealedText);
  } catch {
    return null;
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

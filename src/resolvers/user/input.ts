import { z } from 'zod';
import { areSamePrefixes } from '../../domain/wireguard/prefix.ts';
import type { UserRecord } from '../../store/records.ts';
import type { UserFields } from '../../store/user-commands.ts';
import type { Context } from '../context.ts';
import * as input from '../input.ts';

/** All may be absent (unchanged) or null (cleared); `enabled` has no cleared form. */
export const userInput = z.object({
  nickname: input.text.nullish(),
  mail: input.mail.nullish(),
  phone: input.text.nullish(),
  note: input.text.nullish(),
  interface: input.interfaceName.nullish(),
  allowedIps: input.allowedIps.nullish(),
  presharedKey: input.presharedKey.nullish(),
  persistentKeepalive: input.keepalive.nullish(),
  enabled: input.boolean.optional(),
  bandwidthLimit: input.limit.nullish(),
  dataLimit: input.limit.nullish(),
  expiresAt: input.wholeSecond.nullish(),
  quotaPeriod: input.quotaPeriod.nullish(),
});

export type UserInput = z.output<typeof userInput>;

/** Only fields whose value is not the stored one; for a new user, those that are given at all. */
export function changedFields(
  ctx: Context,
  given: UserInput,
  before: UserRecord | null,
): UserFields {
  const fields = Object.entries(storedForm(ctx, given, before)).filter(
    ([name, value]) => value !== undefined && !isEqual(value, before?.[name as keyof UserRecord]),
  );
  return Object.fromEntries(fields) as UserFields;
}

/** As the database keeps the fields; undefined is not given. */
function storedForm(ctx: Context, given: UserInput, before: UserRecord | null): UserFields {
  const { persistentKeepalive, allowedIps, presharedKey } = given;
  return {
    nickname: orCleared(given.nickname, ''),
    mail: orCleared(given.mail, ''),
    phone: orCleared(given.phone, ''),
    note: orCleared(given.note, ''),
    interface: given.interface,
    allowedIps: allowedIps == null ? allowedIps : listed(allowedIps, before?.allowedIps ?? null),
    presharedKey:
      presharedKey == null ? presharedKey : sealed(ctx, presharedKey, before?.presharedKey ?? null),
    // WireGuard writes an interval of 0 as off.
    persistentKeepaliveSeconds: persistentKeepalive === 0 ? null : persistentKeepalive,
    enabled: given.enabled,
    bandwidthLimit: orCleared(given.bandwidthLimit, 0),
    dataLimit: orCleared(given.dataLimit, 0),
    expiresAt: given.expiresAt,
    quotaPeriod: orCleared(given.quotaPeriod, 'NONE'),
  };
}

function orCleared<T>(value: T | null | undefined, cleared: T): T | undefined {
  return value === null ? cleared : value;
}

/** The same prefixes in another order keep the stored text. */
function listed(prefixes: readonly string[], stored: string | null): string {
  const text = prefixes.join(',');
  return stored !== null && areSamePrefixes(stored, text) ? stored : text;
}

/** The same secret sealed twice makes two texts, so an unchanged one keeps the stored text. */
function sealed(ctx: Context, presharedKey: string, stored: string | null): string {
  return stored !== null && opened(ctx, stored) === presharedKey
    ? stored
    : ctx.secrets.seal(presharedKey);
}

/** null under another key than it was sealed with: then the new one replaces it. */
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

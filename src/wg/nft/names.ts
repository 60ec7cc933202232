import { createHash } from 'node:crypto';
import { AppError, type Text } from '../../domain/errors.ts';
import type { AddressRange } from '../../domain/wireguard/prefix.ts';
import { formatRange } from './addresses.ts';

/**
 * Object names hold nothing but ids. A user has one limit in each direction for all its interfaces,
 * and one quota: they are promises about the user, and a second interface does not double them.
 */
export function limitName(userId: number, direction: 'rx' | 'tx'): string {
  return `u${userId}_${direction}`;
}

/**
 * The seed's hash is part of the name, so the kernel itself remembers what an object was seeded
 * with: after a restart it is told from a new one, while the bytes that were left move all the time.
 */
export function quotaName(userId: number, seed: string): string {
  return `u${userId}_q_${createHash('sha256').update(seed).digest('hex').slice(0, 16)}`;
}

/** Whose object this is; null for a name that none of the above has made. */
export function userOfObject(name: string): number | null {
  return idIn(/^u(\d+)_(?:rx|tx|q_[0-9a-f]{16})$/, name);
}

/** Whose limit this is; null for a quota, too. */
export function userOfLimit(name: string): number | null {
  return idIn(/^u(\d+)_(?:rx|tx)$/, name);
}

function idIn(pattern: RegExp, name: string): number | null {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Whether nft can be told of an interface of this name. */
export function canQuote(name: string): boolean {
  return !name.includes('"');
}

export const NO_NAME_FOR_NFT: Text = {
  en: 'Limits do not work on an interface whose name holds a quotation mark; give it another name.',
  zh: '名称含有引号的接口无法使用限制；请为其改名。',
};

/**
 * An interface's name as nft reads it. All but the quotation mark may stand between quotation marks;
 * a star at the end would mean every name that begins so.
 */
export function quoteInterface(name: string): string {
  if (!canQuote(name)) throw new AppError('UNAVAILABLE', NO_NAME_FOR_NFT);
  return `"${name.endsWith('*') ? `${name.slice(0, -1)}\\*` : name}"`;
}

/** The key of a map: addresses on an interface, whose name is quoted already. */
export function elementKey(range: AddressRange, quotedInterface: string): string {
  return `${formatRange(range)} . ${quotedInterface}`;
}

import { createHash } from 'node:crypto';
import { AppError, type Text } from '../../domain/errors.ts';
import type { AddressRange } from '../../domain/wireguard/prefix.ts';
import { formatRange } from './ranges.ts';

/**
 * Object names contain only ids. A user has one limit in each direction for all its interfaces, and one
 * quota: they apply to the user, and a second interface does not double them.
 */
export function limitName(userId: number, direction: 'rx' | 'tx'): string {
  return `u${userId}_${direction}`;
}

/**
 * The hash of the seed is part of the name, so the kernel itself keeps what an object was seeded with: after
 * a restart, an object can be distinguished from a new one although the remaining bytes change all the time.
 */
export function quotaName(userId: number, seed: string): string {
  return `u${userId}_q_${createHash('sha256').update(seed).digest('hex').slice(0, 16)}`;
}

/** The user of this object; null for a name that none of the functions above returns. */
export function userOfObject(name: string): number | null {
  return idIn(/^u(\d+)_(?:rx|tx|q_[0-9a-f]{16})$/, name);
}

/** The user of this limit; null also for a quota. */
export function userOfLimit(name: string): number | null {
  return idIn(/^u(\d+)_(?:rx|tx)$/, name);
}

function idIn(pattern: RegExp, name: string): number | null {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Whether nft accepts an interface of this name. */
export function canQuote(name: string): boolean {
  return !name.includes('"');
}

export const NO_NAME_FOR_NFT: Text = {
  en: 'Limits do not work on an interface whose name contains a quotation mark; rename the interface.',
  zh: '名称含有引号的接口无法使用限制；请重命名该接口。',
};

/**
 * An interface's name as nft reads it. Every character except the quotation mark may appear between quotation
 * marks; a star at the end would match every name with that prefix.
 */
export function quoteInterface(name: string): string {
  if (!canQuote(name)) throw new AppError('UNAVAILABLE', NO_NAME_FOR_NFT);
  return `"${name.endsWith('*') ? `${name.slice(0, -1)}\\*` : name}"`;
}

/** The key of a map: addresses on an interface, whose name is already quoted. */
export function elementKey(range: AddressRange, quotedInterface: string): string {
  return `${formatRange(range)} . ${quotedInterface}`;
}

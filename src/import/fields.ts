import type { Text } from '../domain/errors.ts';
import { isInterfaceName } from '../domain/wireguard/interface-name.ts';
import { isKey } from '../domain/wireguard/key.ts';
import { canonicalPrefix } from '../domain/wireguard/prefix.ts';
import { LEFT } from './texts.ts';

/** The longest text that the APIs accept. */
const MAX_TEXT_LENGTH = 256;

/** The texts of a peer that are read at all: cleaning a longer one would take long. */
const MAX_READ_LENGTH = 100_000;

/** More than any network has behind one peer. */
const MAX_ALLOWED_IPS = 10_000;

const MAX_KEEPALIVE_SECONDS = 65_535;

const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]+/gu;
/** A key anywhere in a text, such as in a note with the file of a client. */
const KEY_IN_TEXT = /[A-Za-z0-9+/]{43}=/g;
const MAIL = /^[^\s@]+@[^\s@]+$/;

/** WireGuard treats an all-zero preshared key as no key. */
const NO_PRESHARED_KEY = `${'A'.repeat(43)}=`;

type Leave = (text: Text) => void;

/** A name or note in the form that the APIs accept, without keys; empty if there is none. */
export function cleanText(value: unknown, leave: Leave): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const line = String(value).slice(0, MAX_READ_LENGTH).replace(CONTROL_CHARACTERS, ' ').trim();
  const text = line.replace(KEY_IN_TEXT, '…');
  if (text !== line) leave(LEFT.keysInText);
  if (text.length <= MAX_TEXT_LENGTH) return text;
  leave(LEFT.longTexts);
  // The end must not be half of a character that takes two code units, such as an emoji.
  return text
    .slice(0, MAX_TEXT_LENGTH)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}

export function mailOf(value: unknown, leave: Leave): string {
  const mail = cleanText(value, leave);
  if (mail === '' || MAIL.test(mail)) return mail;
  leave(LEFT.mails);
  return '';
}

export function interfaceOf(value: unknown, leave: Leave): string | null {
  if (typeof value !== 'string' || value === '') return null;
  if (isInterfaceName(value)) return value;
  leave(LEFT.interfaceNames);
  return null;
}

/**
 * The prefixes in WireGuard's notation, without duplicates; undefined if one is not a prefix. Host bits are
 * cleared, as WireGuard did when it read the same list.
 */
export function prefixesOf(values: readonly unknown[]): string[] | undefined {
  const prefixes = new Set<string>();
  for (const value of values) {
    if (typeof value !== 'string') return undefined;
    const text = value.trim();
    if (text === '') continue;
    const prefix = canonicalPrefix(text);
    if (prefix === null || prefixes.size >= MAX_ALLOWED_IPS) return undefined;
    prefixes.add(prefix);
  }
  return [...prefixes];
}

/** null is off; undefined if it is not an interval. */
export function keepaliveOf(value: unknown): number | null | undefined {
  const text = String(value ?? '').trim();
  if (text === '' || text.toLowerCase() === 'off') return null;
  if (!/^\d{1,5}$/.test(text) || Number(text) > MAX_KEEPALIVE_SECONDS) return undefined;
  return Number(text) || null;
}

/** null is no key; undefined if it is not a key. */
export function presharedKeyOf(value: unknown): string | null | undefined {
  if (value === null || value === undefined) return null;
  const key = typeof value === 'string' ? value.trim() : 'not a text';
  if (key === '' || key === NO_PRESHARED_KEY) return null;
  return isKey(key) ? key : undefined;
}

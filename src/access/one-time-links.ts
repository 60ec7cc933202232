import { randomBytes } from 'node:crypto';
import type { Clock } from '../domain/time/clock.ts';

/** 256 bits, which cannot be guessed. */
const NAME_BYTES = 32;

/** The oldest link ends when another one is added to so many. */
const MAX_LINKS = 1_000;

/**
 * Secrets that can be taken once, until a time. They are only in memory, because a private key must not be stored;
 * a restart ends all links.
 */
export interface OneTimeLinks<T> {
  /** Returns the name under which the secret can be taken. */
  add(secret: T, expiresAt: Date): string;
  has(name: string): boolean;
  /** The secret, which is then gone; null if there is none any more. */
  take(name: string): T | null;
}

export function oneTimeLinks<T>(clock: Clock): OneTimeLinks<T> {
  const links = new Map<string, { readonly secret: T; readonly expiresAt: Date }>();
  const dropExpired = () => {
    for (const [name, { expiresAt }] of links) {
      if (expiresAt.getTime() <= clock.wallMs()) links.delete(name);
    }
  };
  return {
    add: (secret, expiresAt) => {
      dropExpired();
      const [oldest] = links.keys();
      if (links.size >= MAX_LINKS && oldest !== undefined) links.delete(oldest);
      const name = randomBytes(NAME_BYTES).toString('base64url');
      links.set(name, { secret, expiresAt });
      return name;
    },
    has: (name) => {
      dropExpired();
      return links.has(name);
    },
    take: (name) => {
      dropExpired();
      const link = links.get(name);
      links.delete(name);
      return link?.secret ?? null;
    },
  };
}

import type { Text } from '../domain/errors.ts';

/** What a check found. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** The fact, or what is wrong and what to do. */
  readonly text: Text;
}

export const good = (name: string, en: string, zh: string): Finding => ({
  name,
  ok: true,
  text: { en, zh },
});

export const bad = (name: string, en: string, zh: string): Finding => ({
  name,
  ok: false,
  text: { en, zh },
});

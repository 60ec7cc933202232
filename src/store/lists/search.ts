import { fold } from './fold.ts';

export interface Search {
  /** Part of the nickname, mail or public key, as `fold` compares text. */
  readonly text: string;
  /** false: only the nickname and the public key are searched. */
  readonly inMail: boolean;
}

interface Searched {
  readonly nickname: string;
  readonly publicKey: string;
  readonly mail: string;
}

/** The condition of a search. */
export function matches({ text, inMail }: Search): (user: Searched) => boolean {
  const part = fold(text).trim();
  return ({ nickname, publicKey, mail }) =>
    fold(nickname).includes(part) ||
    fold(publicKey).includes(part) ||
    (inMail && fold(mail).includes(part));
}

/** No key, token or hash of one is shorter than this. */
const MIN_SECRET_LENGTH = 32;
const MAX_NAME_LENGTH = 64;

/** Long text is a name only where it is made of words: secrets are random, in mixed letters or with digits. */
const WORDS = /^([a-z_.-]+|[A-Z_]+)$/;
const NAME = /^[\p{L}\p{N}_$.-]+$/u;
/** Signs too, since a secret may hold any; no quotes, which messages put around what they repeat. */
const LONG_RUN = new RegExp(`[!#-&(-_a-~]{${MIN_SECRET_LENGTH},}`, 'g');
/** What settings and words of commands are made of. No @, before which URLs have passwords. */
const PLAIN = /^[\p{L}\p{N} _.,:=/*+[\]-]*$/u;

/** Whether a name that a client made up may be repeated to it: it cannot be a secret in the wrong place. */
export function isRepeatable(name: string): boolean {
  return NAME.test(name) && !isSecretLike(name);
}

/**
 * A value, or one item of a list, as a message about it repeats it: whole, or not at all where what was
 * written may be a secret.
 */
export function quoted(value: string, written = value): string {
  const isRepeated = value.length < MIN_SECRET_LENGTH && PLAIN.test(written);
  return isRepeated ? JSON.stringify(value) : '"…"';
}

/** A message about what a client wrote, without the parts of it that may be secrets. */
export function withoutSecrets(message: string): string {
  return message.replace(LONG_RUN, (run) => (isSecretLike(run) ? '…' : run));
}

function isSecretLike(text: string): boolean {
  if (text.length > MAX_NAME_LENGTH) return true;
  return text.length >= MIN_SECRET_LENGTH && !WORDS.test(text);
}

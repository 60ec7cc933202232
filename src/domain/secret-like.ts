/** No key, token or hash is shorter than this. */
const MIN_SECRET_LENGTH = 32;
const MAX_NAME_LENGTH = 64;

/** A long text is accepted as a name only if it consists of words: secrets have digits or mixed case. */
const WORDS = /^([a-z_.-]+|[A-Z_]+)$/;
const NAME = /^[\p{L}\p{N}_$.-]+$/u;
/** Includes punctuation, which secrets may contain, but not quotes, which messages put around values. */
const LONG_RUN = new RegExp(`[!#-&(-_a-~]{${MIN_SECRET_LENGTH},}`, 'g');
/** The characters of settings and command-line arguments. Not @: in URLs, a password may precede it. */
const PLAIN = /^[\p{L}\p{N} _.,:=/*+[\]-]*$/u;

/** Whether a message may repeat a name that a client sent: it cannot be a secret sent in the wrong place. */
export function isRepeatable(name: string): boolean {
  return NAME.test(name) && !isSecretLike(name);
}

/**
 * Quotes a value, or one item of a list, for a message. The value is omitted if the text that it was
 * written in may be a secret.
 */
export function quoted(value: string, written = value): string {
  const isRepeated = value.length < MIN_SECRET_LENGTH && PLAIN.test(written);
  return isRepeated ? JSON.stringify(value) : '"…"';
}

/** Removes the parts that may be secrets from a message about client input. */
export function withoutSecrets(message: string): string {
  return message.replace(LONG_RUN, (run) => (isSecretLike(run) ? '…' : run));
}

function isSecretLike(text: string): boolean {
  if (text.length > MAX_NAME_LENGTH) return true;
  return text.length >= MIN_SECRET_LENGTH && !WORDS.test(text);
}

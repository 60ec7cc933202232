import { withoutSecrets } from '../domain/secret-like.ts';

/** Messages of graphql-js that repeat a value, and their replacements without it. */
const REPEATING: readonly (readonly [pattern: RegExp, without: string])[] = [
  [/ cannot represent ([^:]*): [\s\S]*$/, ' cannot represent $1 like this one.'],
  [/^Value "[\s\S]*" does not exist in ("\w+" enum\.)/, 'This value does not exist in $1'],
  [/^(Expected value of type "[^"]+"), found [\s\S]*$/, '$1, found another.'],
  [/^(Syntax Error: [\s\S]*?(?:(?:Block)?String|Int|Float)) "[\s\S]*$/, '$1.'],
];

/**
 * Removes values from a graphql-js message about a document or its variables: a secret sent in the wrong
 * place would otherwise reach logs and error trackers. Names are also checked, as one may be a secret.
 */
export function redactMessage(message: string): string {
  const text = REPEATING.reduce(
    (given, [pattern, without]) => given.replace(pattern, without),
    message,
  );
  return withoutSecrets(text);
}

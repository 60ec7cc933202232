import { withoutSecrets } from '../domain/secret-like.ts';

/** What graphql says of a mistake, and what is said here in its place. */
const REPEATING: readonly (readonly [pattern: RegExp, without: string])[] = [
  [/ cannot represent ([^:]*): [\s\S]*$/, ' cannot represent $1 like this one.'],
  [/^Value "[\s\S]*" does not exist in ("\w+" enum\.)/, 'This value does not exist in $1'],
  [/^(Expected value of type "[^"]+"), found [\s\S]*$/, '$1, found another.'],
  [/^(Syntax Error: [\s\S]*?(?:(?:Block)?String|Int|Float)) "[\s\S]*$/, '$1.'],
];

/**
 * A message of graphql about a document or its variables, without the value that it would repeat: a
 * secret in the wrong place would go on into whatever keeps error messages. A name may be a secret too.
 */
export function redactMessage(message: string): string {
  const text = REPEATING.reduce(
    (given, [pattern, without]) => given.replace(pattern, without),
    message,
  );
  return withoutSecrets(text);
}

/** The lower-case names of token fields in the payload of `connection_init`, or in its `headers`. */
const NAMES: ReadonlySet<string> = new Set([
  'authorization',
  'authtoken',
  'token',
  'accesstoken',
  'access_token',
]);

/**
 * Returns the token of a `connection_init` in the form of an `Authorization` header, even if it was sent
 * without a scheme; undefined if there is none; null if there are two different ones.
 */
export function authorizationIn(payload: unknown): string | undefined | null {
  const headers = fieldsOf(payload).find(([name]) => name === 'headers')?.[1];
  const found = [...fieldsOf(payload), ...fieldsOf(headers)]
    .filter(([name, value]) => NAMES.has(name) && typeof value === 'string')
    .map(([, value]) => canonical(value as string))
    .filter((value) => value !== '');
  const [first, ...others] = new Set(found);
  return others.length > 0 ? null : first;
}

function fieldsOf(value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, field]) => [name.toLowerCase(), field] as const);
}

/** Returns an empty text for a scheme without a token, which clients send before a user has logged in. */
function canonical(text: string): string {
  const [, scheme, credentials = ''] =
    /^(?:(bearer|basic)(?:\s+|$))?(.*)$/is.exec(text.trim()) ?? [];
  if (credentials === '') return '';
  return `${scheme?.toLowerCase() === 'basic' ? 'Basic' : 'Bearer'} ${credentials}`;
}

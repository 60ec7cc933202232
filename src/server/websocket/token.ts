/** Where clients put a token, in lower case: in the payload of `connection_init`, or in its `headers`. */
const NAMES: ReadonlySet<string> = new Set([
  'authorization',
  'authtoken',
  'token',
  'accesstoken',
  'access_token',
]);

/**
 * The `Authorization` that a `connection_init` brought, in one form, also without a scheme. undefined
 * where it brought none; null where it brought two that differ.
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

/** Empty for a scheme without a token: clients write it before anybody has logged in. */
function canonical(text: string): string {
  const [, scheme, credentials = ''] =
    /^(?:(bearer|basic)(?:\s+|$))?(.*)$/is.exec(text.trim()) ?? [];
  if (credentials === '') return '';
  return `${scheme?.toLowerCase() === 'basic' ? 'Basic' : 'Bearer'} ${credentials}`;
}

/** The lower-case names of the field in the payload of `connection_init`, or in its `headers`. */
const NAMES: ReadonlySet<string> = new Set(['acceptlanguage', 'accept-language']);

/**
 * Returns the languages of a `connection_init` in the form of an `Accept-Language` header; undefined if there are none.
 * Pages cannot set headers of a WebSocket, so a page in another language than the browser's can name its own here.
 */
export function acceptLanguageIn(payload: unknown): string | undefined {
  const fields = fieldsOf(payload);
  const headers = fields.find(([name]) => name.toLowerCase() === 'headers')?.[1];
  const found = [...fields, ...fieldsOf(headers)].find(
    ([name, value]) => NAMES.has(name.toLowerCase()) && typeof value === 'string',
  );
  return found?.[1] as string | undefined;
}

function fieldsOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** The labels of a sample as they are written, such as `{interface="wg0"}`; empty if there are none. */
export type Labels = string;

const ESCAPED = /[\\"\n]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** Writes labels in the given order. Labels without a value are omitted. */
export function labelsOf(
  values: Readonly<Record<string, string | number | null | undefined>>,
): Labels {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value != null) pairs.push(`${name}="${escaped(String(value))}"`);
  }
  return pairs.length === 0 ? '' : `{${pairs.join()}}`;
}

/** Escapes what may not be in a quoted text. */
export function escaped(text: string): string {
  return text.replace(ESCAPED, (character) => ESCAPES[character] ?? character);
}

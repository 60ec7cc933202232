const MAX_BYTES = 15;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const FORBIDDEN = /[\s/:\u0000-\u001f\u007f]/;

/** Whether Linux accepts it as the name of a network interface. */
export function isInterfaceName(name: string): boolean {
  const length = Buffer.byteLength(name);
  return length > 0 && length <= MAX_BYTES && !FORBIDDEN.test(name) && !['.', '..'].includes(name);
}

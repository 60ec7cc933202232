/** Collects a text in one buffer, which is quicker than a buffer for each part of it. */
export interface Collector {
  add(text: string): void;
  /** The bytes of all that was added. */
  bytes(): Buffer;
}

/** UTF-8 has at most three bytes for each unit of a JavaScript string. */
const MAX_BYTES_A_UNIT = 3;

/** `expected`: about how many bytes there will be. */
export function collector(expected: number): Collector {
  let buffer = Buffer.allocUnsafe(expected);
  let length = 0;
  return {
    add: (text) => {
      const needed = length + MAX_BYTES_A_UNIT * text.length;
      if (needed > buffer.length) {
        const larger = Buffer.allocUnsafe(2 * needed);
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      length += buffer.write(text, length);
    },
    bytes: () => buffer.subarray(0, length),
  };
}

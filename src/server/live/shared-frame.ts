import type { Writable } from 'node:stream';

/** FIN bit and opcode of a text frame. */
const FINAL_TEXT = 0x81;

/** Room for the header of a server frame: two bytes, and up to eight more for the length (RFC 6455, 5.2). */
const MAX_HEADER_BYTES = 10;

/** Room for the header and the beginning of most messages; a client with a longer operation id costs one more write. */
const ROOM = 128;

/**
 * A text frame for many WebSockets. Only the beginning of its text differs by client. It is written in front of the
 * bytes that all clients share, so that each client needs one write and nothing is copied.
 */
export class SharedFrame {
  #bytes: Buffer;
  #latest: Buffer;
  /** Whether a stream still holds #bytes, so that nothing may be written in front of the shared bytes. */
  #isHeld = false;

  constructor(end: string) {
    this.#bytes = Buffer.allocUnsafeSlow(ROOM + Buffer.byteLength(end));
    this.#bytes.write(end, ROOM);
    this.#latest = this.#bytes;
  }

  /** The number of bytes that all clients share. */
  get length(): number {
    return this.#bytes.length - ROOM;
  }

  writeTo(connection: Writable, beginning: Buffer): void {
    const hasRoom = MAX_HEADER_BYTES + beginning.length <= ROOM;
    if (hasRoom && connection.writableLength === 0) this.#writeWhole(connection, beginning);
    else this.#writeParts(connection, beginning);
  }

  #writeWhole(connection: Writable, beginning: Buffer): void {
    if (this.#isHeld) this.#bytes = Buffer.from(this.#bytes);
    const start = ROOM - beginning.length - headerLength(beginning.length + this.length);
    fillHead(this.#bytes, start, beginning, this.length);
    // Clients mostly have operation ids of the same length, so the view of the client before serves again.
    if (this.#isHeld || this.#latest.length !== this.#bytes.length - start) {
      this.#latest = this.#bytes.subarray(start);
    }
    connection.write(this.#latest);
    // Nothing is left in the stream if the kernel took all of it at once.
    this.#isHeld = connection.writableLength > 0;
  }

  /** For a client that still has unread bytes, because a copy for each message would fill the memory. */
  #writeParts(connection: Writable, beginning: Buffer): void {
    const head = Buffer.allocUnsafe(
      headerLength(beginning.length + this.length) + beginning.length,
    );
    fillHead(head, 0, beginning, this.length);
    connection.cork();
    connection.write(head);
    connection.write(this.#bytes.subarray(ROOM));
    connection.uncork();
  }
}

const lengthBytes = (length: number): number => (length < 126 ? 0 : length < 65_536 ? 2 : 8);

const headerLength = (length: number): number => 2 + lengthBytes(length);

/** Writes the frame's header and the beginning of its text. */
function fillHead(bytes: Buffer, start: number, beginning: Buffer, restLength: number): void {
  const length = beginning.length + restLength;
  const size = lengthBytes(length);
  bytes[start] = FINAL_TEXT;
  bytes[start + 1] = size === 0 ? length : size === 2 ? 126 : 127;
  if (size === 2) bytes.writeUInt16BE(length, start + 2);
  if (size === 8) bytes.writeBigUInt64BE(BigInt(length), start + 2);
  beginning.copy(bytes, start + 2 + size);
}

import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { unreadLimit } from '../live/backpressure.ts';
import type { SharedResult, Sink } from '../live/shared-result.ts';

/**
 * Writes shared results directly to a WebSocket as `next` messages of one operation. Only the beginning of
 * a message differs by client; the rest is written from a shared buffer, because copying it for a thousand
 * clients would create megabytes of garbage per second. If the client has too many unread bytes, the result
 * of `overflow` is sent as its last one.
 */
export function socketSink(
  { socket, request }: { readonly socket: WebSocket; readonly request: IncomingMessage },
  operationId: string,
  { overflow, end }: { readonly overflow: () => SharedResult; readonly end: () => void },
): Sink {
  const beginning = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
  const isFull = unreadLimit();
  let isOver = false;
  const write = ({ messageEnd }: SharedResult) => {
    // Bypasses `ws`, which buffers nothing while compression is off, so the frame needs one system call.
    const { socket: connection } = request;
    connection.cork();
    connection.write(frameOf(beginning, messageEnd.length));
    connection.write(messageEnd);
    connection.uncork();
  };
  return {
    push: (result) => {
      if (isOver || socket.readyState !== WebSocket.OPEN) return;
      isOver = isFull(socket.bufferedAmount, result.messageEnd.length);
      write(isOver ? overflow() : result);
      if (isOver) end();
    },
    end,
  };
}

/** FIN bit and opcode of a text frame. */
const FINAL_TEXT = 0x81;

/** The header of a server frame (RFC 6455, 5.2), followed by the beginning of its text. */
function frameOf(beginning: Buffer, restLength: number): Buffer {
  const length = beginning.length + restLength;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.allocUnsafe(2 + lengthBytes + beginning.length);
  head[0] = FINAL_TEXT;
  head[1] = lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127;
  if (lengthBytes === 2) head.writeUInt16BE(length, 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(length), 2);
  beginning.copy(head, 2 + lengthBytes);
  return head;
}

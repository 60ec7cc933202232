import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { unreadLimit } from '../live/backpressure.ts';
import type { SharedResult, Sink } from '../live/shared-result.ts';

/**
 * Writes shared results straight to a socket as `next` messages of one operation. Only the beginning of
 * a message is the client's own; the rest is written from the bytes that all share, since copying them
 * for a thousand clients makes garbage of megabytes a second. When the client leaves too much unread,
 * `overflow` is its last result.
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
    // Beneath `ws`, which holds nothing back as long as it does not compress: one frame, one system call.
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

/** The last fragment, which here is the only one, of a text. */
const FINAL_TEXT = 0x81;

/** A server's frame (RFC 6455, 5.2) up to the rest of its text: a kind, a length and the beginning. */
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

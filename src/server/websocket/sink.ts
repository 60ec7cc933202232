import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { unreadLimit } from '../live/backpressure.ts';
import type { SharedResult, Sink } from '../live/shared-result.ts';

/**
 * Writes shared results directly to a WebSocket as `next` messages of one operation. If the client has too many
 * unread bytes, the result of `overflow` is sent as its last one.
 */
export function socketSink(
  { socket, request }: { readonly socket: WebSocket; readonly request: IncomingMessage },
  operationId: string,
  { overflow, end }: { readonly overflow: () => SharedResult; readonly end: () => void },
): Sink {
  const beginning = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
  // Bypasses `ws`, which buffers nothing while compression is off.
  const { socket: connection } = request;
  const isFull = unreadLimit();
  let isOver = false;
  return {
    push: (result) => {
      if (isOver || socket.readyState !== WebSocket.OPEN) return;
      isOver = isFull(connection.writableLength, result.frame.length);
      (isOver ? overflow() : result).frame.writeTo(connection, beginning);
      if (isOver) end();
    },
    end,
  };
}

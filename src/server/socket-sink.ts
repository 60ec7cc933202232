import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { SharedResult, Sink } from './shared-result.ts';
import { unreadLimit } from './unread.ts';

/**
 * Writes shared results straight to a socket as `next` messages of one operation. Each is a message of
 * two fragments, of which only the first is the client's own: copying the rest for a thousand clients
 * would make garbage of megabytes a second. When the client leaves too much unread, `overflow` is its
 * last result.
 */
export function socketSink(
  { socket, request }: { readonly socket: WebSocket; readonly request: IncomingMessage },
  operationId: string,
  { overflow, end }: { readonly overflow: () => SharedResult; readonly end: () => void },
): Sink {
  const head = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
  const isFull = unreadLimit();
  let isOver = false;
  const write = ({ messageEnd }: SharedResult) => {
    // Both fragments in one system call.
    request.socket.cork();
    socket.send(head, { binary: false, fin: false });
    socket.send(messageEnd, { binary: false });
    request.socket.uncork();
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

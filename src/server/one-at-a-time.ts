import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Handles the requests of a connection one after another: the next one starts after the client has read
 * the previous response. Node.js emits pipelined requests immediately, and would keep all their responses
 * in memory. While requests wait, nothing more is read from the connection.
 */
export function oneAtATime(handle: RequestListener): RequestListener {
  const connections = new WeakMap<Socket, (() => void)[]>();
  return (request, response) => {
    const { socket } = request;
    const begin = () => {
      response.once('close', next);
      handle(request, response);
    };
    const next = () => {
      const waiting = connections.get(socket) ?? [];
      const beginNext = socket.destroyed ? undefined : waiting.shift();
      if (waiting.length === 0) socket.resume();
      if (beginNext === undefined) connections.delete(socket);
      else beginNext();
    };
    const waiting = connections.get(socket);
    if (waiting === undefined) {
      connections.set(socket, []);
      return begin();
    }
    waiting.push(begin);
    socket.pause();
  };
}

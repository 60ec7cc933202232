import { setImmediate, setTimeout } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { Principal } from '../../access/principal.ts';

/** Of graphql-ws: its clients give up at it, where they would try again for ever at 4403. */
const UNAUTHORIZED = 4401;

/** How long operations have for their last words. */
const LAST_WORDS_MS = 1_000;

export function closeUnauthorized(socket: WebSocket): void {
  socket.close(UNAUTHORIZED, 'A valid token is needed.');
}

/** For a client that sent two tokens: to choose one would be a guess. */
export function closeAmbiguous(socket: WebSocket): void {
  socket.close(UNAUTHORIZED, 'connection_init has two different tokens; send one.');
}

/** Closes the socket when the right behind it ends, once its operations have said so. */
export function closeWithRight(
  socket: WebSocket,
  { ended }: Principal,
  idle: () => Promise<void>,
): void {
  const close = async () => {
    await Promise.race([idle(), setTimeout(LAST_WORDS_MS, undefined, { ref: false })]);
    // An operation counts as complete just before that is written.
    await setImmediate();
    closeUnauthorized(socket);
  };
  const onEnded = () => void close();
  ended.addEventListener('abort', onEnded, { once: true });
  socket.once('close', () => ended.removeEventListener('abort', onEnded));
}

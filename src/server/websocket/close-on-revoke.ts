import { setImmediate, setTimeout } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { Principal } from '../../access/principal.ts';

/** A close code of graphql-ws. Its clients stop at this code, but would retry forever at 4403. */
const UNAUTHORIZED = 4401;

/** How long operations may take to send their last messages. */
const FINISH_WITHIN_MS = 1_000;

export function closeUnauthorized(socket: WebSocket): void {
  socket.close(UNAUTHORIZED, 'A valid token is required.');
}

/** Closes the WebSocket of a client that sent two different tokens, because neither can be preferred. */
export function closeAmbiguous(socket: WebSocket): void {
  socket.close(UNAUTHORIZED, 'connection_init contains two different tokens; send one.');
}

/** Closes the WebSocket when its access ends, after its operations have reported it. */
export function closeWithRight(
  socket: WebSocket,
  { ended }: Principal,
  idle: () => Promise<void>,
): void {
  const close = async () => {
    await Promise.race([idle(), setTimeout(FINISH_WITHIN_MS, undefined, { ref: false })]);
    // An operation counts as complete shortly before its completion is written.
    await setImmediate();
    closeUnauthorized(socket);
  };
  const onEnded = () => void close();
  ended.addEventListener('abort', onEnded, { once: true });
  socket.once('close', () => ended.removeEventListener('abort', onEnded));
}

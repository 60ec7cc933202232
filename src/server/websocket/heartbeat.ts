import type { WebSocket } from 'ws';

/** So many sockets' pings go out together that a thousand of them cost few turns of the event loop. */
const SLOTS = 10;

/** Finds out which sockets nobody is behind any more. */
export interface Pings {
  /** Pings the socket until it is closed; cuts it when it has not answered a ping by the next one. */
  watch(socket: WebSocket): void;
  stop(): void;
}

interface Watched {
  hasAnswered: boolean;
  unreadBytes: number;
}

export function startPings(everyMs: number): Pings {
  const slots = Array.from({ length: SLOTS }, () => new Map<WebSocket, Watched>());
  let current = 0;
  const timer = setInterval(() => {
    current = (current + 1) % SLOTS;
    for (const [socket, watched] of slots[current] ?? []) ping(socket, watched);
  }, everyMs / SLOTS);
  timer.unref();
  return {
    watch: (socket) => {
      const watched = { hasAnswered: true, unreadBytes: 0 };
      // The slot that was just pinged: a new socket has the whole time before its first.
      const slot = slots[current];
      slot?.set(socket, watched);
      socket.on('pong', () => {
        watched.hasAnswered = true;
      });
      socket.once('close', () => slot?.delete(socket));
    },
    stop: () => clearInterval(timer),
  };
}

function ping(socket: WebSocket, watched: Watched): void {
  // A slow reader's pong waits behind what it still has to read.
  const isReading = socket.bufferedAmount < watched.unreadBytes;
  watched.unreadBytes = socket.bufferedAmount;
  if (!watched.hasAnswered && !isReading) socket.terminate();
  else socket.ping();
  watched.hasAnswered = false;
}

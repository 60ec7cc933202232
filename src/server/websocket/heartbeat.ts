import type { WebSocket } from 'ws';

/**
 * The number of groups whose pings are sent together, so that a thousand WebSockets need few timer events.
 */
const SLOTS = 10;

/** Detects WebSockets whose clients have vanished. */
export interface Pings {
  /** Pings the WebSocket until it is closed; terminates it if it has not answered by the next ping. */
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
      // The slot that was just pinged, so that a new WebSocket has a full interval before its first ping.
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
  // A slow reader answers a ping only after it has read all earlier data.
  const isReading = socket.bufferedAmount < watched.unreadBytes;
  watched.unreadBytes = socket.bufferedAmount;
  if (!watched.hasAnswered && !isReading) socket.terminate();
  else socket.ping();
  watched.hasAnswered = false;
}

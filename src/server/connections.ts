import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

/** How long responses and WebSockets may take to finish when the server stops. */
const END_WITHIN_MS = 1_200;

const CHECK_EVERY_MS = 20;

/** The connections of a server, including those upgraded to WebSockets. */
export interface Connections {
  /** Stops accepting connections. */
  refuse(): void;
  /** Resolves when all connections have ended; destroys those that do not end in time. */
  end(): Promise<void>;
}

export function connectionsOf(
  server: Server | TlsServer,
  onCut: (count: number) => void,
): Connections {
  const open = new Set<Socket>();
  server.on('connection', (connection: Socket) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
  });
  let closed: Promise<unknown> | null = null;
  const refuse = () => {
    closed ??= new Promise((resolve) => server.close(resolve));
  };
  return {
    refuse,
    end: async () => {
      refuse();
      // A connection becomes idle shortly after its stream has ended, so idle ones are closed repeatedly.
      const idle = setInterval(() => server.closeIdleConnections(), CHECK_EVERY_MS);
      const cut = setTimeout(() => {
        onCut(open.size);
        for (const connection of open) connection.destroy();
      }, END_WITHIN_MS);
      await closed;
      clearInterval(idle);
      clearTimeout(cut);
    },
  };
}

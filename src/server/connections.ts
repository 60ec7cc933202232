import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

/** How long answers and sockets have for their last words when the server stops. */
const END_WITHIN_MS = 1_200;

const LOOK_EVERY_MS = 20;

/** The connections of a server, those that became sockets included. */
export interface Connections {
  /** Accepts no more. */
  refuse(): void;
  /** Resolves when there are none left; cuts those that do not end in time. */
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
      // A stream that has just ended leaves its connection idle a moment later.
      const idle = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
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

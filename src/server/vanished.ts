import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';
import ipaddr from 'ipaddr.js';

/** The number of consecutive checks with unacknowledged data before a connection is destroyed. */
const MAX_FAILED_CHECKS = 4;

/** The system's table of TCP connections. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/**
 * Destroys connections whose client has vanished without closing them, such as one that lost its network.
 * The system retransmits unacknowledged data for 15 minutes, and Node.js counts each ping written to a
 * stream as activity.
 */
export interface VanishedClients {
  watch(connection: Socket): void;
  stop(): void;
}

interface Watched {
  /** The retransmissions at the last check, and the number of consecutive checks that found any. */
  retransmissions: number;
  failedChecks: number;
}

export function vanishedClients(
  everyMs: number,
  readTable: () => Promise<string> = readTables,
): VanishedClients {
  const connections = new Map<Socket, Watched>();
  const check = async () => {
    if (connections.size === 0) return;
    const table = retransmissionsIn(await readTable());
    for (const [connection, watched] of connections) {
      const now = table.get(nameOf(connection)) ?? 0;
      // An acknowledgement resets the retransmissions, and so the count.
      watched.failedChecks =
        now > 0 && now >= watched.retransmissions ? watched.failedChecks + 1 : 0;
      watched.retransmissions = now;
      if (watched.failedChecks >= MAX_FAILED_CHECKS) connection.destroy();
    }
  };
  const timer = setInterval(() => void check(), everyMs);
  timer.unref();
  return {
    watch: (connection) => {
      if (connections.has(connection)) return;
      connections.set(connection, { retransmissions: 0, failedChecks: 0 });
      connection.once('close', () => connections.delete(connection));
    },
    stop: () => clearInterval(timer),
  };
}

/** Returns an empty text if the system has no such table. */
async function readTables(): Promise<string> {
  const texts = TABLES.map((path) => readFile(path, 'utf8').catch(() => ''));
  return (await Promise.all(texts)).join('\n');
}

/** Returns the number of retransmissions of each connection that has any. */
function retransmissionsIn(table: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of table.split('\n')) {
    const [, local, remote, , , , retransmissions = '0'] = line.trim().split(/\s+/);
    const count = Number.parseInt(retransmissions, 16);
    if (count > 0) found.set(`${local?.split(':')[1]} ${remote}`, count);
  }
  return found;
}

/** The local port and the remote address and port, in the notation of the table. */
function nameOf({ localPort = 0, remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${hex(localPort)} ${hexAddress(remoteAddress)}:${hex(remotePort)}`;
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** The address as 32-bit words in the byte order of the host. */
function hexAddress(address: string): string {
  if (!ipaddr.isValid(address)) return '';
  const bytes = Buffer.from(ipaddr.parse(address).toByteArray());
  return (endianness() === 'LE' ? bytes.swap32() : bytes).toString('hex').toUpperCase();
}

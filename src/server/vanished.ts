import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Looks in a row at which the same data is still not acknowledged. */
const LOOKS = 4;

/** The system's table of TCP connections. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/**
 * Cuts connections whose client has vanished without a word, such as one that lost its network. The system
 * goes on for a quarter of an hour to send what such a client does not acknowledge, and Node takes each
 * ping of a stream for activity.
 */
export interface VanishedClients {
  watch(connection: Socket): void;
  stop(): void;
}

interface Watched {
  /** Retransmissions at the last look, and at how many looks in a row there were some. */
  retransmissions: number;
  looks: number;
}

export function vanishedClients(
  everyMs: number,
  readTable: () => Promise<string> = readTables,
): VanishedClients {
  const connections = new Map<Socket, Watched>();
  const look = async () => {
    if (connections.size === 0) return;
    const table = retransmissionsIn(await readTable());
    for (const [connection, watched] of connections) {
      const now = table.get(nameOf(connection)) ?? 0;
      // What is acknowledged sets it back.
      watched.looks = now > 0 && now >= watched.retransmissions ? watched.looks + 1 : 0;
      watched.retransmissions = now;
      if (watched.looks >= LOOKS) connection.destroy();
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    watch: (connection) => {
      if (connections.has(connection)) return;
      connections.set(connection, { retransmissions: 0, looks: 0 });
      connection.once('close', () => connections.delete(connection));
    },
    stop: () => clearInterval(timer),
  };
}

/** Empty where there is no such table. */
async function readTables(): Promise<string> {
  const texts = TABLES.map((path) => readFile(path, 'utf8').catch(() => ''));
  return (await Promise.all(texts)).join('\n');
}

/** How often the system has sent again what each connection does not acknowledge, where it has. */
function retransmissionsIn(table: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of table.split('\n')) {
    const [, local, remote, , , , retransmissions = '0'] = line.trim().split(/\s+/);
    const count = Number.parseInt(retransmissions, 16);
    if (count > 0) found.set(`${local?.split(':')[1]} ${remote}`, count);
  }
  return found;
}

/** The local port and the remote address and port, as the table writes them. */
function nameOf({ localPort = 0, remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${hex(localPort)} ${hexAddress(remoteAddress)}:${hex(remotePort)}`;
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** Words of four bytes, each as the processor holds it. */
function hexAddress(address: string): string {
  if (!ipaddr.isValid(address)) return '';
  const bytes = Buffer.from(ipaddr.parse(address).toByteArray());
  return (endianness() === 'LE' ? bytes.swap32() : bytes).toString('hex').toUpperCase();
}

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { vanishedClients } from '../../src/server/vanished.ts';
import { within } from '../live/support.ts';

/** The server side of a connection. */
async function connection(host: string): Promise<Socket> {
  const server = createServer();
  await once(server.listen(0, host), 'listening');
  const client = connect((server.address() as { port: number }).port, host);
  const [socket] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  return socket;
}

/** The system's table of connections, with this number of retransmissions in each line. */
async function tableWith(retransmissions: number): Promise<string> {
  const texts = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8'));
  const column = retransmissions.toString(16).toUpperCase().padStart(8, '0');
  return (await Promise.all(texts))
    .join('\n')
    .replaceAll(/^((?:\s*\S+){6})\s+[0-9A-F]{8}/gm, `$1 ${column}`);
}

describe('a connection whose client acknowledges nothing', () => {
  it.each(['127.0.0.1', '::1'])('is destroyed at the fourth check: %s', async (host) => {
    const socket = await connection(host);
    let looks = 0;
    const vanished = vanishedClients(1, () => tableWith(++looks));
    onTestFinished(vanished.stop);
    vanished.watch(socket);
    await within('the cut', once(socket, 'close'));
    expect(looks).toBeGreaterThanOrEqual(4);
  });

  it('is kept if data is acknowledged between two checks', async () => {
    const socket = await connection('127.0.0.1');
    let looks = 0;
    const vanished = vanishedClients(1, () => tableWith(++looks % 4));
    onTestFinished(vanished.stop);
    vanished.watch(socket);
    await within(
      'some looks',
      (async () => {
        while (looks < 20) await new Promise(setImmediate);
      })(),
    );
    expect(socket.destroyed).toBe(false);
  });
});

/**
 * Many WebSocket clients in one process. The parent process requests their number and kind. After each tick,
 * the process reports when each client got its message (nanoseconds of the monotonic clock, which all
 * processes share). The ids of operations are random, like those of common clients.
 */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

const arrivals = [];

process.on('message', async ({ command, url, count, query, reads = true }) => {
  if (command === 'open') {
    for (let opened = 0; opened < count; opened++) await open(url, query, reads);
    process.send({ opened: count });
  } else if (command === 'collect') {
    process.send({ arrivals: arrivals.splice(0).map(String) });
  }
});

function open(url, query, reads) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, query ? 'graphql-transport-ws' : undefined);
    socket.on('error', reject);
    socket.on('open', () => {
      if (query) socket.send('{"type":"connection_init"}');
      else resolve();
    });
    socket.on('message', (data) => {
      if (query && data.length < 100 && data.toString().includes('connection_ack')) {
        socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query } }));
        if (!reads) socket.pause();
        resolve();
        return;
      }
      arrivals.push(process.hrtime.bigint());
    });
  });
}

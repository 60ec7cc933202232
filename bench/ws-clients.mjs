/**
 * Many WebSocket clients in a process of their own. Told by its parent how many of which kind to open;
 * answers, tick by tick, when each one got its message (nanoseconds of the monotonic clock, which all
 * processes share).
 */
import { WebSocket } from 'ws';

const arrivals = [];
const sockets = [];

process.on('message', async ({ command, url, count, query, reads = true }) => {
  if (command === 'open') {
    for (let opened = 0; opened < count; opened++) sockets.push(await open(url, query, reads));
    process.send({ opened: count });
  } else if (command === 'collect') {
    process.send({ arrivals: arrivals.splice(0).map(String) });
  } else if (command === 'close') {
    for (const socket of sockets.splice(0)) socket.terminate();
    process.send({ closed: true });
  }
});

function open(url, query, reads) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, query ? 'graphql-transport-ws' : undefined);
    socket.on('error', reject);
    socket.on('open', () => {
      if (query) socket.send('{"type":"connection_init"}');
      else resolve(socket);
    });
    socket.on('message', (data) => {
      if (query && data.length < 100 && data.toString().includes('connection_ack')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        if (!reads) socket._socket.pause();
        resolve(socket);
        return;
      }
      arrivals.push(process.hrtime.bigint());
    });
  });
}

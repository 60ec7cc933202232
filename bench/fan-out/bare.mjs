/** The baseline: `ws` alone, and bytes that are serialized once for all clients. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { newRates, serve } from './broadcaster.mjs';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
await once(server, 'listening');
serve({
  url: `ws://127.0.0.1:${server.address().port}`,
  tick: () => {
    const bytes = Buffer.from(messageOf(newRates()));
    for (const socket of server.clients) socket.send(bytes, { binary: false });
  },
});

/** What wgql sends for these rates. */
function messageOf(rates) {
  const liveTraffic = rates.map(({ userId, ...perSecond }) => ({
    user: { id: String(userId), nickname: `User_${userId}` },
    ...perSecond,
  }));
  return JSON.stringify({ id: randomUUID(), type: 'next', payload: { data: { liveTraffic } } });
}

import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startTestApp } from '../../fixtures/test-app.ts';
import { DASHBOARD, openSocket, socketUrl, within } from '../../live/support.ts';

const QUICK = { limits: { pingEveryMs: 100 } };

describe('a socket', () => {
  it('that answers its pings is kept, also while nothing else is sent', async () => {
    const app = await startTestApp(QUICK);
    const { socket, send, received } = await openSocket(socketUrl(app));
    for (let count = 0; count < 5; count++) await within('a ping', once(socket, 'ping'));
    send({ id: '1', type: 'subscribe', payload: { query: DASHBOARD } });
    await received('next', '1');
  });

  it('that does not answer a ping before the next one is closed', async () => {
    const app = await startTestApp(QUICK);
    const socket = new WebSocket(socketUrl(app), 'graphql-transport-ws', { autoPong: false });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    const [code] = await within('the cut', once(socket, 'close'));
    // There is no closing handshake, because the client cannot answer it.
    expect(code).toBe(1006);
  });
});

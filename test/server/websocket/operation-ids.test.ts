import { describe, expect, it } from 'vitest';
import { DASHBOARD, openSocket, type RawSocket, socketUrl } from '../../live/support.ts';
import { startFleet } from '../../rest/support.ts';

const subscribe = (id: string, query = DASHBOARD) => ({
  id,
  type: 'subscribe',
  payload: { query },
});
const complete = (id: string) => ({ id, type: 'complete' });

const of = ({ messages }: RawSocket, id: string, type: string) =>
  messages.filter((message) => message.id === id && message.type === type);

/** Waits until all earlier requests have been answered, if they get an answer at all. */
async function settle(socket: RawSocket, id: string): Promise<void> {
  socket.send(subscribe(id, '{ status { demo } }'));
  await socket.received('complete', id);
}

describe('the id of an operation', () => {
  it('can be used again immediately after the client has completed it', async () => {
    const app = await startFleet();
    const socket = await openSocket(socketUrl(app));
    for (let round = 0; round < 300; round++) {
      socket.send(subscribe('a'));
      socket.send(complete('a'));
    }
    socket.send(subscribe('a'));
    await socket.received('next', 'a');
    await settle(socket, 'after all');
    socket.messages.length = 0;
    app.wireguard.interface().addPeer();
    await app.whilePolling(socket.received('next', 'a'));
    await settle(socket, 'after the change');
    expect(of(socket, 'a', 'next')).toHaveLength(1);
    expect(of(socket, 'a', 'complete')).toEqual([]);
    socket.send(complete('a'));
    await settle(socket, 'after the end');
    socket.messages.length = 0;
    app.wireguard.interface().addPeer();
    await app.polled();
    await settle(socket, 'after another change');
    expect(of(socket, 'a', 'next')).toEqual([]);
  });

  it('can be used again after a result, an error and a rejection', async () => {
    const app = await startFleet();
    const socket = await openSocket(socketUrl(app));
    for (const query of ['{ status { demo } }', '{ no }', '{ user(id: "x") { id } }', DASHBOARD]) {
      socket.messages.length = 0;
      socket.send(subscribe('"1":\\', query));
      await socket.received(query === '{ no }' ? 'error' : 'next', '"1":\\');
      if (query.startsWith('{ ') && query !== '{ no }') await socket.received('complete', '"1":\\');
    }
  });

  it('closes the socket with 4409 if it is reused while its operation runs', async () => {
    const app = await startFleet();
    const socket = await openSocket(socketUrl(app));
    const reason = new Promise((resolve) => {
      socket.socket.once('close', (_, text) => resolve(String(text)));
    });
    socket.send(subscribe('a'));
    socket.send(subscribe('a'));
    expect(await socket.closed).toBe(4409);
    expect(await reason).toBe('Subscriber for a already exists');
  });
});

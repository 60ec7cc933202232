import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startTestApp, type TestApp } from '../fixtures/test-app.ts';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A WebSocket whose protocol messages the test sends itself, and which records received messages. */
async function openSocket(app: TestApp, initialise = true) {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const messages: Message[] = [];
  let onMessage: () => void = () => {};
  socket.on('message', (data) => {
    messages.push(JSON.parse(data.toString()));
    onMessage();
  });
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  const until = async (isThere: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = messages.find(isThere);
      if (found !== undefined) return found;
      const message = new Promise<void>((resolve) => {
        onMessage = resolve;
      });
      await app.whilePolling(message);
    }
  };
  if (initialise) {
    send({ type: 'connection_init' });
    await until(({ type }) => type === 'connection_ack');
  }
  return { socket, messages, send, until };
}

const SUBSCRIBE = (id: string) => ({
  id,
  type: 'subscribe',
  payload: { query: 'subscription { dashboard { totalUsers } }' },
});

describe('a socket', () => {
  it('that says nothing is closed with 4408 after three seconds', async () => {
    const app = await startTestApp();
    const { socket } = await openSocket(app, false);
    const [code] = await once(socket, 'close');
    expect(code).toBe(4408);
  });

  it('runs a hundred operations, and gets an error for any further one', async () => {
    const app = await startTestApp();
    const { send, until } = await openSocket(app);
    for (let number = 1; number <= 101; number++) send(SUBSCRIBE(String(number)));
    const refusal = await until(({ type }) => type === 'error');
    expect(refusal).toMatchObject({
      id: '101',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    await until(({ type, id }) => type === 'next' && id === '100');
    send({ id: '1', type: 'complete' });
    send(SUBSCRIBE('102'));
    await until(({ type, id }) => type === 'next' && id === '102');
  });

  it('is rejected if its address has reached the limit', async () => {
    const app = await startTestApp({ env: { WGQL_MAX_SOCKETS_PER_ADDRESS: '2' } });
    const first = await openSocket(app);
    await openSocket(app);
    const third = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const [error] = await once(third, 'error');
    expect(String(error)).toMatch(/429/);
    first.socket.close();
    await once(first.socket, 'close');
    await openSocket(app);
  });

  it('gets its own snapshot of a subscription that others run already', async () => {
    const app = await startTestApp();
    const wg0 = app.wireguard.interface();
    await app.polled();
    const early = await openSocket(app);
    early.send(SUBSCRIBE('a'));
    await early.until(({ type, id }) => type === 'next' && id === 'a');
    wg0.addPeer();
    await early.until(
      ({ payload }) => JSON.stringify(payload) === '{"data":{"dashboard":{"totalUsers":1}}}',
    );
    const late = await openSocket(app);
    late.send(SUBSCRIBE('b'));
    const snapshot = await late.until(({ type }) => type === 'next');
    expect(snapshot).toEqual({
      id: 'b',
      type: 'next',
      payload: { data: { dashboard: { totalUsers: 1 } } },
    });
    wg0.addPeer();
    const isTwo = ({ payload }: Message) =>
      JSON.stringify(payload) === '{"data":{"dashboard":{"totalUsers":2}}}';
    await Promise.all([early.until(isTwo), late.until(isTwo)]);
  });

  it('that never reads loses its subscription, while others still receive messages', async () => {
    const app = await startTestApp({ env: { WGQL_POLL_INTERVAL_MS: '100' } });
    const wg0 = app.wireguard.interface();
    const peers = Array.from({ length: 100 }, () => wg0.addPeer());
    await app.polled();
    const copies = Array.from({ length: 10 }, (_, index) => `copy${index}: publicKey`);
    const query = `subscription { liveTraffic { rxBytesPerSecond txBytesPerSecond user {
      id nickname interface allowedIps createdAt updatedAt ${copies.join(' ')} } } }`;
    const subscribe = { id: '1', type: 'subscribe', payload: { query } };
    const reader = await openSocket(app);
    const sleeper = await openSocket(app);
    for (const { send, until } of [reader, sleeper]) {
      send(subscribe);
      // Its answer shows that the subscription before it has begun.
      send({ id: '2', type: 'subscribe', payload: { query: '{ status { demo } }' } });
      await until(({ type, id }) => type === 'complete' && id === '2');
    }
    sleeper.socket.pause();
    // The kernel buffers hold a few megabytes before data remains unread in the process.
    for (let count = 0; count < 130; count++) {
      for (const peer of peers) peer.rxBytes += BigInt(1 + Math.floor(Math.random() * 1e9));
      app.clock.advance(100);
      const message = once(reader.socket, 'message');
      await app.clock.asleep();
      app.clock.wake();
      await message;
    }
    sleeper.socket.resume();
    const end = await sleeper.until(({ payload }) =>
      JSON.stringify(payload ?? null).includes('SLOW_CONSUMER'),
    );
    expect(end).toMatchObject({
      id: '1',
      payload: { errors: [{ extensions: { code: 'SLOW_CONSUMER' } }] },
    });
    await sleeper.until(({ type, id }) => type === 'complete' && id === '1');
    expect(sleeper.socket.readyState).toBe(WebSocket.OPEN);
    const { text } = await app.rest('/metrics');
    expect(text).toMatch(/^wgql_slow_consumers_total 1$/m);
    expect(text).toMatch(/^wgql_subscriptions\{field="liveTraffic"\} 1$/m);
  }, 90_000);
});

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SharedResult } from '../../../src/server/live/shared-result.ts';
import { socketSink } from '../../../src/server/websocket/sink.ts';

/** Both ends of a WebSocket, and a sink that writes to it. */
async function openSink(operationId = 'a') {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => client.terminate());
  const messages: string[] = [];
  client.on('message', (data, isBinary) => messages.push(isBinary ? 'binary' : String(data)));
  const [[socket, request]] = (await Promise.all([
    once(server, 'connection'),
    once(client, 'open'),
  ])) as [[WebSocket, IncomingMessage], unknown];
  let ends = 0;
  const sink = socketSink({ socket, request }, operationId, {
    overflow: () => resultOf('too slow'),
    end: () => {
      ends += 1;
    },
  });
  const until = async (count: number) => {
    while (messages.length < count) await once(client, 'message');
    return messages;
  };
  return { sink, socket, client, until, messages, ends: () => ends };
}

const resultOf = (state: string) => new SharedResult({ data: { state } });
const messageOf = (id: string, state: string) => ({
  id,
  type: 'next',
  payload: { data: { state } },
});

describe('a shared result on a socket', () => {
  it('is what each client gets, also while one of them does not read', async () => {
    const ids = ['a', 'bb', 'c'.repeat(300), 'd'];
    const clients = await Promise.all(ids.map(openSink));
    const [sleeper] = clients;
    sleeper?.client.pause();
    const sent: string[] = [];
    const send = (state: string) => {
      sent.push(state);
      const result = resultOf(state);
      for (const { sink } of clients) sink.push(result);
    };
    for (let count = 0; count < 100 && sleeper?.socket.bufferedAmount === 0; count++) {
      send(String(count % 10).repeat(300_000));
      await setImmediate();
    }
    expect(sleeper?.socket.bufferedAmount).toBeGreaterThan(0);
    for (const state of ['while', 'it', 'sleeps']) send(state);
    sleeper?.client.resume();
    for (const [number, { until }] of clients.entries()) {
      const told = (await until(sent.length)).map((text) => JSON.parse(text));
      expect(told.map(({ id }) => id === ids[number])).toEqual(sent.map(() => true));
      expect(told.map(({ payload }, index) => payload.data.state === sent[index])).toEqual(
        sent.map(() => true),
      );
    }
  });

  // Around the lengths at which the encoding of the frame length changes.
  it.each([
    0, 60, 75, 76, 77, 78, 79, 80, 65_480, 65_487, 65_488, 65_489, 65_490, 65_491, 65_492, 65_493,
    65_600,
  ])('of %s characters is one message as `ws` writes it', async (length) => {
    const { sink, until } = await openSink();
    sink.push(resultOf('x'.repeat(length)));
    sink.push(resultOf('é'));
    expect((await until(2)).map((text) => JSON.parse(text))).toEqual([
      messageOf('a', 'x'.repeat(length)),
      messageOf('a', 'é'),
    ]);
  });

  it('contains the id of its operation, whatever characters it has', async () => {
    const { sink, until } = await openSink('"\\ 操作');
    sink.push(resultOf('x'));
    expect(JSON.parse((await until(1))[0] ?? '')).toEqual(messageOf('"\\ 操作', 'x'));
  });

  it('keeps its order among the messages and pings that `ws` writes', async () => {
    const { sink, socket, client, until } = await openSink();
    const pinged = once(client, 'ping');
    for (const state of ['1', '2', '3']) {
      socket.send(`before ${state}`);
      sink.push(resultOf(state));
      socket.ping();
    }
    expect(
      (await until(6)).map((text) =>
        text[0] === '{' ? JSON.parse(text).payload.data.state : text,
      ),
    ).toEqual(['before 1', '1', 'before 2', '2', 'before 3', '3']);
    await pinged;
  });

  it('is no longer written once the socket closes', async () => {
    const { sink, socket, client, messages } = await openSink();
    socket.close(1001);
    sink.push(resultOf('x'));
    const [code] = await once(client, 'close');
    expect(code).toBe(1001);
    expect(messages).toEqual([]);
  });

  it('is the last when the client has left a megabyte and the largest message unread', async () => {
    const { sink, client, socket, until, ends } = await openSink();
    client.pause();
    // The kernel buffers hold a few megabytes before data remains unread in the process.
    const megabyte = resultOf('x'.repeat(1024 * 1024));
    for (let count = 0; count < 100 && ends() === 0; count++) {
      sink.push(megabyte);
      await setImmediate();
    }
    expect(ends()).toBe(1);
    expect(socket.bufferedAmount).toBeLessThan(4 * 1024 * 1024);
    sink.push(megabyte);
    client.resume();
    const told = async () => JSON.parse((await until(1)).at(-1) ?? '').payload.data.state;
    while ((await told()) !== 'too slow') await once(client, 'message');
    expect(ends()).toBe(1);
  });
});

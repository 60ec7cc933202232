import { once } from 'node:events';
import { type Client, createClient } from 'graphql-ws';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { plantThoseIn } from '../fixtures/leak-detector.ts';
import type { TestApp } from '../fixtures/test-app.ts';

export const PRESENCE = `subscription ($userIds: [ID!]) {
  presence(userIds: $userIds) { isOnline at user { id nickname } session { id startedAt endedAt } } }`;
export const DASHBOARD =
  'subscription { dashboard { totalUsers onlineUsers activeSessions totalRx todayRx } }';

const PATIENCE_MS = 10_000;

/** Awaits the promise; fails with the name of what did not arrive in time. */
export async function within<T>(what: string, promise: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${ms} ms for ${what}.`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export const socketUrl = (app: TestApp) => `${app.url.replace('http', 'ws')}/graphql`;

export interface TestClient extends Client {
  /** The program that it is connected to. */
  readonly app: TestApp;
}

/** A client of the package `graphql-ws` that does not reconnect. */
export function connectClient(
  app: TestApp,
  connectionParams?: Record<string, unknown>,
): TestClient {
  const client = createClient({
    url: socketUrl(app),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(connectionParams && { connectionParams }),
  });
  onTestFinished(async () => client.dispose());
  return Object.assign(client, { app });
}

/** The values of a subscription, one after another; while one is awaited, polls follow one another. */
export interface Feed {
  /** The next value of the root field. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read values of any shape
  next(): Promise<any>;
  /** The same, but what it waits for is on its way, and there are no further polls. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read values of any shape
  received(): Promise<any>;
  /** The error code of the next value; null if it is not an error. */
  failed(): Promise<string | null>;
  /** Rejects unless the subscription completes now. */
  completed(): Promise<void>;
  stop(): Promise<void>;
}

type Results = AsyncIterator<{ data?: unknown; errors?: unknown }>;

function takeValue({ value, done }: IteratorResult<{ data?: unknown; errors?: unknown }>): unknown {
  expect(done, 'the subscription is over').not.toBe(true);
  expect(value.errors).toBeUndefined();
  return Object.values(value.data as object)[0];
}

function feedOf(app: TestApp, iterator: Results): Feed {
  const nextOf = (what: string) => app.whilePolling(within(what, iterator.next()));
  return {
    next: async () => takeValue(await nextOf('a value')),
    received: async () => takeValue(await within('a value', iterator.next())),
    failed: async () => {
      const { value, done } = await nextOf('an error');
      expect(done, 'the subscription is over').not.toBe(true);
      const { errors } = value as { errors?: { extensions: { code: string } }[] };
      return errors?.[0]?.extensions.code ?? null;
    },
    completed: async () => {
      const { done } = await nextOf('the completion');
      expect(done).toBe(true);
    },
    stop: async () => void (await iterator.return?.()),
  };
}

/** A subscription over a WebSocket. */
export function watch(
  client: TestClient,
  query: string,
  variables: Record<string, unknown> = {},
): Feed {
  return feedOf(client.app, client.iterate<Record<string, unknown>>({ query, variables }) as never);
}

/** A subscription over server-sent events. */
export async function watchEvents(
  app: TestApp,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Feed & { readonly response: Response }> {
  const aborting = new AbortController();
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: aborting.signal,
  });
  onTestFinished(() => aborting.abort());
  const feed = feedOf(app, messagesOf(response));
  return { ...feed, stop: async () => aborting.abort(), response };
}

async function* messagesOf(response: Response): AsyncGenerator<{ data?: unknown }, void, void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const field = (name: string) =>
        event
          .split('\n')
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trim())
          .join('');
      if (field('event') === 'complete') return;
      if (field('event') === 'next') yield JSON.parse(field('data'));
    }
  }
}

/** The messages that a raw WebSocket received, in order. */
export interface RawSocket {
  readonly socket: WebSocket;
  readonly messages: { readonly type: string; readonly id?: string; readonly payload?: unknown }[];
  /** The close code. */
  readonly closed: Promise<number>;
  send(message: object): void;
  /** Waits for the first message with this type and id. */
  received(type: string, id?: string): Promise<RawSocket['messages'][number]>;
}

/** An acknowledged WebSocket whose protocol messages the test sends itself. */
export async function openSocket(url: string, payload?: object): Promise<RawSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const messages: RawSocket['messages'] = [];
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => resolve(code));
  });
  socket.on('error', () => {});
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  const received = async (type: string, id?: string) => {
    for (;;) {
      const found = messages.find((message) => message.type === type && message.id === id);
      if (found !== undefined) return found;
      await within(
        `${type} ${id ?? ''}`,
        Promise.race([
          once(socket, 'message'),
          closed.then(() => Promise.reject(new Error('The socket was closed.'))),
        ]),
      );
    }
  };
  await within('the socket', once(socket, 'open'));
  const send = (message: object) => {
    plantThoseIn(message);
    socket.send(JSON.stringify(message));
  };
  send({ type: 'connection_init', ...(payload && { payload }) });
  await received('connection_ack');
  return { socket, messages, closed, send, received };
}

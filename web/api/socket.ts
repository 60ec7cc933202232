import { createClient } from 'graphql-ws/client';
import { accessEnded } from './access.ts';
import { connection } from './connection.ts';
import type { TypedDocument } from './document.ts';

/** How often a silent connection is checked, and how long an answer may take. */
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

const MAX_RETRY_MS = 10_000;

/** How long a subscription that the server has ended waits before it begins again. */
const BEGIN_AGAIN_MS = 500;

const UNAUTHORIZED = 4401;
const NO_PONG = 4408;

let socket: WebSocket | null = null;
let pongTimer: ReturnType<typeof setTimeout> | undefined;

const client = createClient({
  url: '/graphql',
  lazy: true,
  // Browsers send their own language, which may be another one.
  connectionParams: () => ({ acceptLanguage: document.documentElement.lang }),
  keepAlive: PING_EVERY_MS,
  retryAttempts: Number.POSITIVE_INFINITY,
  retryWait: (retries) =>
    new Promise((resolve) => {
      const ms = Math.min(MAX_RETRY_MS, 250 * 2 ** Math.min(retries, 6));
      const go = () => {
        clearTimeout(timer);
        removeEventListener('online', go);
        resolve();
      };
      const timer = setTimeout(go, ms * (0.75 + Math.random() / 2));
      // A browser that is online again does not wait for the rest.
      addEventListener('online', go);
    }),
  shouldRetry: (event) => (event as CloseEvent)?.code !== UNAUTHORIZED,
  on: {
    connected: (opened) => {
      socket = opened as WebSocket;
      connection.connected();
    },
    closed: (event) => {
      clearTimeout(pongTimer);
      socket = null;
      connection.closed();
      if ((event as CloseEvent)?.code === UNAUTHORIZED) accessEnded();
    },
    message: connection.answered,
    ping: (isReceived) => {
      // After a sleep, or in another network, the browser may keep a dead connection for minutes.
      if (!isReceived) {
        clearTimeout(pongTimer);
        pongTimer = setTimeout(() => socket?.close(NO_PONG, 'No answer'), PONG_WITHIN_MS);
      }
    },
    pong: (isReceived) => {
      if (isReceived) clearTimeout(pongTimer);
    },
  },
});

/** Ends the connection when the browser reports that it is offline, instead of at the next ping. */
addEventListener('offline', () => {
  socket?.close(NO_PONG, 'Offline');
  // Also if it was not connected yet.
  connection.closed();
});

export interface LiveHandlers<Result> {
  /** `isFirst`: of a connection, or of a subscription that has begun again. */
  readonly onData: (data: Result, isFirst: boolean) => void;
  readonly onError?: (error: unknown) => void;
}

/**
 * Runs a subscription until the returned function is called. It survives lost connections and restarts of the server:
 * `variables` are read again at each connection, so that a cursor among them continues where the stream was cut.
 */
export function subscribe<Result, Variables extends Record<string, unknown>>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  { onData, onError = () => {} }: LiveHandlers<Result>,
): () => void {
  let end = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  // None of these streams ends by itself: the server completes them when it stops.
  const beginLater = () => {
    timer = setTimeout(begin, BEGIN_AGAIN_MS);
  };
  const begin = () => {
    let isLeft = false;
    let epoch = -1;
    const leave = client.subscribe<Result>(
      { query: document.toString(), variables },
      {
        next: ({ data, errors }) => {
          if (errors !== undefined) return onError(errors);
          const isFirst = epoch !== connection.get().epoch;
          epoch = connection.get().epoch;
          if (data != null) onData(data, isFirst);
        },
        error: (error) => {
          if (codeOf(error) === 'SLOW_CONSUMER') beginLater();
          else onError(error);
        },
        complete: () => {
          if (!isLeft) beginLater();
        },
      },
    );
    end = () => {
      isLeft = true;
      leave();
    };
  };
  begin();
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** The code of the errors that end a subscription; undefined if it ended with its connection. */
export function codeOf(error: unknown): unknown {
  const [first] = Array.isArray(error) ? error : [];
  return first?.extensions?.code;
}

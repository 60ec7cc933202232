import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Address, Target } from './target.ts';

export interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The head of a response. */
export interface Response {
  readonly statusCode: number;
  /** The header `retry-after`. */
  readonly retryAfter: string | undefined;
  /** Resolves, soon, when the connection is closed. */
  readonly closed: Promise<void>;
}

/** What is read of the body of a response before the connection is closed; it is thrown away. */
const MAX_BODY_BYTES = 16_384;

/** How long the body is read, so that most receivers can send all of it. */
const BODY_WITHIN_MS = 500;

/** Sends a POST request to one of these addresses. Redirects are not followed. The signal ends the wait for the head. */
export function post(
  { url, addresses }: Target,
  { headers, body }: Post,
  signal: AbortSignal,
): Promise<Response> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        // Of its own: a kept connection could lead to an address that was not checked.
        agent: false,
        lookup: always(addresses),
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      },
      (response) => {
        signal.removeEventListener('abort', abort);
        const { statusCode = 0, headers: answered } = response;
        const retryAfter = answered['retry-after'];
        resolve({ statusCode, retryAfter, closed: discard(response) });
      },
    );
    const abort = () => sent.destroy(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Closes the connection after the body, at a limit, or when the receiver does. */
async function discard(response: IncomingMessage): Promise<void> {
  const timer = setTimeout(() => response.destroy(), BODY_WITHIN_MS);
  try {
    let bytes = 0;
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_BODY_BYTES) break;
    }
  } catch {
    // The connection has ended before the body has, which does not matter.
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}

/** Node.js asks for all addresses, and tries one after another. */
function always(addresses: readonly Address[]): LookupFunction {
  const [first] = addresses;
  return (_, { all }, callback) => {
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Address, Target } from './target.ts';

export interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Response {
  readonly statusCode: number;
  /** The header `retry-after`. */
  readonly retryAfter: string | undefined;
}

/** What is read of the body of a response before the connection is closed; it is thrown away. */
const MAX_BODY_BYTES = 16_384;

/** Sends a POST request to one of these addresses. Redirects are not followed. */
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
        signal,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      },
      (response) => {
        const { statusCode = 0, headers: answered } = response;
        const end = () => {
          response.destroy();
          resolve({ statusCode, retryAfter: answered['retry-after'] });
        };
        discard(response).then(end, end);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Ends with the body, at the limit, or when the connection ends. */
async function discard(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) return;
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

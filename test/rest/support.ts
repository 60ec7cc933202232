import { type Agent, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FakePeer } from '../fixtures/fake-interface.ts';
import { plantThoseIn } from '../fixtures/leak-detector.ts';
import { expectDocumented } from '../fixtures/openapi.ts';
import { startTestApp, type TestApp, type TestAppOptions } from '../fixtures/test-app.ts';

export interface Fleet extends TestApp {
  /** Online from the start, at 192.0.2.1:40000. Becomes user 1. */
  readonly online: FakePeer;
  /** Never online. Becomes user 2. */
  readonly offline: FakePeer;
}

/** Starts the program with one interface, a user who is online and a user who was never online. */
export async function startFleet(options: TestAppOptions = {}): Promise<Fleet> {
  const peers: FakePeer[] = [];
  const app = await startTestApp({
    ...options,
    prepare: (wireguard) => {
      const wg0 = wireguard.interface();
      peers.push(wg0.addPeer(), wg0.addPeer());
      wg0.shakeHands(peers[0] as FakePeer);
      options.prepare?.(wireguard);
    },
  });
  await app.polled();
  const [online, offline] = peers as [FakePeer, FakePeer];
  return Object.assign(app, { online, offline });
}

/** Everything that a rejected request must not change: users, sessions, the event log and the audit log. */
export async function stateOf(app: TestApp): Promise<unknown> {
  const [users, sessions, logs] = await Promise.all([
    app.rest('/api/users'),
    app.rest('/api/events/history'),
    app.graphql(`{
      users(first: 1000) { edges { node {
        id publicKey nickname mail phone note interface allowedIps persistentKeepalive enabled managed
        bandwidthLimit dataLimit expiresAt quota { limit used period } totalRx totalTx updatedAt
      } } }
      events { totalCount }
      auditLog { totalCount }
    }`),
  ]);
  return { users: users.text, sessions: sessions.text, logs: logs.data };
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Without a Content-Length. */
  readonly chunked?: boolean;
  /** For many requests over few connections; otherwise each has its own. */
  readonly agent?: Agent;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly bytes: Buffer;
}

/** Sends exactly this request, with headers that `fetch` would set itself. */
export async function send(app: TestApp, given: RawRequest): Promise<RawAnswer> {
  const answer = await sendRaw(app, given);
  const { method = 'GET', path } = given;
  const { status, bytes } = answer;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) headers.append(name, String(value));
  const decode = DECODE[headers.get('content-encoding') ?? 'identity'];
  const text = bytes.length === 0 ? '' : decode?.(bytes).toString('utf8');
  expectDocumented({ method, path, status, headers, text: text ?? 'in an unknown encoding' });
  return answer;
}

const DECODE: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
};

function sendRaw(app: TestApp, given: RawRequest): Promise<RawAnswer> {
  const { method = 'GET', path, headers = {}, body = '', chunked = false, agent = false } = given;
  for (const part of [path, headers, body]) plantThoseIn(part);
  const { hostname, port } = new URL(app.url);
  const length = body === '' || chunked ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method, path, headers: { ...headers, ...length }, agent },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.concat(parts),
            text: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    if (chunked) {
      for (let at = 0; at < body.length; at += 65_536) outgoing.write(body.slice(at, at + 65_536));
    } else if (body !== '') {
      outgoing.write(body);
    }
    outgoing.end();
  });
}

/** The format of all times in the API. */
export const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newPresharedKey } from '../fixtures/enforcement-app.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { listenTo, plantThoseIn, takeLeaks } from '../fixtures/leak-detector.ts';

const randomKey = () => randomBytes(32).toString('base64');

/** Starts a server that responds with this text. */
async function answering(text: string): Promise<string> {
  const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The leaks found if a program responds with the secret after its parts were sent. */
async function leaksOf(secret: string, ...sent: readonly unknown[]): Promise<string[]> {
  const url = await answering(`not understood: ${secret}`);
  listenTo(url);
  for (const part of sent) plantThoseIn(part);
  await (await fetch(url, { headers: { connection: 'close' } })).text();
  return takeLeaks();
}

const CHANNELS: readonly (readonly [string, (secret: string) => unknown])[] = [
  ['a JSON value', (secret) => JSON.stringify({ preshared_key: secret })],
  ['a JSON value of another name', (secret) => JSON.stringify({ note: secret })],
  ['the name of a JSON field', (secret) => JSON.stringify({ [secret]: 1 })],
  ['a form', (secret) => `preshared_key=${encodeURIComponent(secret)}`],
  ['a form that is not encoded', (secret) => `preshared_key=${secret}`],
  ['a form of the platform', (secret) => new URLSearchParams({ preshared_key: secret })],
  ['the name of a form field', (secret) => `${encodeURIComponent(secret)}=1`],
  ['a query string', (secret) => `/api/users?search=${encodeURIComponent(secret)}`],
  ['the name of a parameter', (secret) => `/api/users?${encodeURIComponent(secret)}=1`],
  ['a path', (secret) => `/api/users/${encodeURIComponent(secret)}/enable`],
  ['a header', (secret) => ({ 'x-preshared-key': secret })],
  ['a header of the platform', (secret) => new Headers({ authorization: `Bearer ${secret}` })],
  ['a GraphQL variable', (secret) => JSON.stringify({ query: '{ a }', variables: { a: secret } })],
  [
    'a field of a GraphQL variable',
    (secret) => JSON.stringify({ query: '{ a }', variables: { a: { [secret]: 1 } } }),
  ],
  ['a GraphQL document', (secret) => JSON.stringify({ query: `{ a(key: "${secret}") }` })],
];

describe('the leak detector', () => {
  it.each(CHANNELS)('finds a key that was sent as %s', async (_, write) => {
    const secret = randomKey();
    expect(await leaksOf(secret, write(secret))).toHaveLength(1);
  });

  it.each(CHANNELS)('finds a token that was sent as %s', async (_, write) => {
    const secret = `wgql_${Buffer.from(randomKey(), 'base64').toString('base64url')}`;
    expect(await leaksOf(secret, write(secret))).toHaveLength(1);
  });

  it('finds a public key only if it was sent as a preshared key', async () => {
    const key = newPublicKey();
    expect(await leaksOf(key, JSON.stringify({ peer_pubkey: key, note: key }))).toEqual([]);
    expect(await leaksOf(key, `preshared_key=${encodeURIComponent(key)}`)).toHaveLength(1);
  });

  it('finds nothing if nothing leaks', async () => {
    expect(await leaksOf('nothing', JSON.stringify({ note: newPresharedKey() }))).toEqual([]);
  });
});

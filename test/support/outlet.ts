import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { Canary } from './canary.ts';

/** Fewer different bytes than this are no secret, and would be found by chance. */
const MIN_VARIETY = 10;

/** What is sent beyond this is only there to be long. */
const MAX_SENT_LENGTH = 200_000;

/** A connection that received more than this says the same again and again. */
const MAX_STREAM_BYTES = 2_000_000;

const KEY = '[A-Za-z0-9+/]{43}=';
const TOKEN = 'wgql_[\\w-]{43}';
/** What an answer, or a command's output, shows once: a new token, a new client's keys. */
const SHOWN_ONCE = new RegExp(
  `(?<="secret":")${TOKEN}|(?<=^|\\n)${TOKEN}(?=\\n|$)|(?<=P(?:rivate|reshared)Key = )${KEY}`,
  'g',
);
/** A preshared key in JSON, a document, a form or a query string. */
const PRESHARED = new RegExp(`preshared_?key\\\\?"?\\s*[:=]\\s*\\\\?"?(${KEY})`, 'gi');
/** Anything in the form of a key or a token; most of them are secrets. */
const SECRET = new RegExp(`${KEY}|${TOKEN}`, 'g');

const canary = new Canary();
const shown = new Set<string>();
/** Keys that answers may show. */
const published = new Set<string>();
const ports = new Set<number>();
/** What left programs since the last search. */
const streams = new Map<Socket, { readonly chunks: Buffer[]; readonly bytes: number }>();
const answered: string[] = [];
const logged: string[] = [];
const files: [path: string, bytes: Buffer][] = [];
let isWatching = false;

/** Plants a secret: from now on it must be in nothing that leaves a program. */
export function plant(secret: string): string {
  const variety = new Set(Buffer.from(secret, 'base64')).size;
  if (variety >= MIN_VARIETY) canary.add(`${secret.slice(0, 9)}…`, secret);
  return secret;
}

/** Says that a key is public: answers may show it, unless it is sent as a preshared key. */
export function publish(publicKey: string): string {
  published.add(publicKey);
  return publicKey;
}

/**
 * Plants the secrets in a part of what a test sends, whatever place they have there: a value, the name of a
 * field or parameter, a path, a header, a variable.
 */
export function plantThoseIn(sent: unknown): void {
  for (const text of writings(sent)) {
    for (const [, key = ''] of text.matchAll(PRESHARED)) plant(key);
    for (const [secret] of text.matchAll(SECRET)) if (!published.has(secret)) plant(secret);
  }
}

/** What is sent as it is written, and as it reads without the escapes of URLs and forms. */
function writings(sent: unknown): string[] {
  if (sent instanceof Headers) return writings(JSON.stringify([...sent]));
  if (sent instanceof URLSearchParams) return writings(sent.toString());
  if (typeof sent === 'object' && sent !== null) return writings(JSON.stringify(sent));
  if (typeof sent !== 'string') return [];
  const text = sent.slice(0, MAX_SENT_LENGTH);
  return [
    text,
    text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number(`0x${hex}`))),
  ];
}

/** Keeps what a program wrote to its log. */
export function keepLog(text: string): void {
  logged.push(text);
}

/** Keeps what a program answered or a command printed, which may show once what it made. */
export function keepAnswer(text: string): void {
  answered.push(text);
}

/** Keeps the files of a program's folder; the keys in key files are planted themselves. */
export function keepFiles(folder: string, isWanted: (name: string) => boolean = () => true): void {
  for (const name of filesIn(folder).filter(isWanted)) {
    const path = join(folder, name);
    const bytes = readFileSync(path);
    if (name.endsWith('.key')) plant(bytes.toString().trim());
    else files.push([path, bytes]);
  }
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return [];
    throw error;
  }
}

/** Keeps what connections of this process to the program at this address receive. */
export function listenTo(url: string): void {
  ports.add(Number(new URL(url).port));
}

subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket };
  const push = socket.push.bind(socket);
  // Whoever reads from the socket notices nothing of it.
  socket.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk) && ports.has(socket.remotePort ?? 0)) {
      const before = streams.get(socket) ?? { chunks: [], bytes: 0 };
      if (before.bytes < MAX_STREAM_BYTES) before.chunks.push(chunk);
      streams.set(socket, { ...before, bytes: before.bytes + chunk.length });
    }
    return push(chunk, encoding);
  };
});

/** Searches all that left programs since the last time for all that was planted, and forgets it. */
export function takeLeaks(): string[] {
  const answers = [...streams.values()].map(({ chunks }) =>
    Buffer.concat(chunks).toString('latin1'),
  );
  // All of these first: they tell of secrets that the rest is searched for.
  const shows = [...answers, ...answered].map(withoutShown);
  const haystacks: [string, Buffer][] = [
    ['an answer', Buffer.from(shows.join('\n'), 'latin1')],
    ['the log', Buffer.from(logged.join('\n'), 'latin1')],
    ...files,
  ];
  streams.clear();
  for (const kept of [answered, logged, files]) kept.length = 0;
  return haystacks.flatMap(([where, bytes]) =>
    canary
      .search(bytes)
      .map(({ name, before }) => `${name} in ${where}, after ${JSON.stringify(before)}`),
  );
}

/** Without what is shown here for the first time; nothing may show it again. */
function withoutShown(text: string): string {
  // Cheaper than the expression, in megabytes of a stream.
  if (!text.includes('wgql_') && !text.includes('Key = ')) return text;
  return text.replace(SHOWN_ONCE, (secret) => {
    if (shown.has(secret)) return secret;
    shown.add(secret);
    plant(secret);
    return '';
  });
}

/** Fails the test that is running when it ends, if a planted secret left a program meanwhile. */
export function watchForLeaks(): void {
  if (isWatching) return;
  isWatching = true;
  // Registered before whatever ends the programs, and so called after it.
  onTestFinished(() => {
    isWatching = false;
    expect(takeLeaks()).toEqual([]);
  });
}

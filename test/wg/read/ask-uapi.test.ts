import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askUapi } from '../../../src/wg/read/ask-uapi.ts';
import { uapiParser } from '../../../src/wg/read/uapi.ts';

const ANSWER = 'listen_port=51820\nfwmark=0\nerrno=0\n\n';

interface Daemon {
  readonly path: string;
  /** Ends once a client has connected. */
  readonly connected: Promise<Socket>;
}

/** A daemon's socket; `answer` is called once the question has come in whole. */
async function daemon(
  answer: (socket: Socket, question: string) => void,
  options: { allowHalfOpen?: boolean } = {},
): Promise<Daemon> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-uapi-'));
  const path = join(folder, 'wg0.sock');
  const sockets = new Set<Socket>();
  let announce: (socket: Socket) => void = () => {};
  const connected = new Promise<Socket>((resolve) => {
    announce = resolve;
  });
  const server = createServer(options, (socket) => {
    sockets.add(socket);
    let question = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      question += chunk.toString();
      if (question.endsWith('\n\n')) answer(socket, question);
    });
    announce(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  return { path, connected };
}

/** Writes one byte at a time, each in an event loop turn of its own. */
function writeBytes(socket: Socket, text: string): void {
  let index = 0;
  const next = () => {
    if (index === text.length) return;
    socket.write(text.charAt(index++), () => setImmediate(next));
  };
  next();
}

const never = () => new AbortController().signal;

async function ask(path: string, signal: AbortSignal, maxBytes?: number): Promise<string> {
  const parts: string[] = [];
  await askUapi(path, signal, (part) => parts.push(part), maxBytes);
  return parts.join('');
}

function parsed(text: string) {
  const response = uapiParser()();
  response.add(text);
  return response.end();
}

describe('a request to a daemon', () => {
  it('requests everything and returns the response up to the blank line', async () => {
    const asked: string[] = [];
    const { path } = await daemon((socket, question) => {
      asked.push(question);
      socket.write(ANSWER);
    });
    expect(await ask(path, never())).toBe(ANSWER);
    expect(asked).toEqual(['get=1\n\n']);
  });

  it('joins a response of single bytes', async () => {
    const { path } = await daemon((socket) => writeBytes(socket, ANSWER));
    expect(await ask(path, never())).toBe(ANSWER);
  });

  it('detects the end of a response whose newlines arrive separately', async () => {
    const { path } = await daemon((socket) => {
      socket.write(ANSWER.slice(0, -1), () => setImmediate(() => socket.write('\n')));
    });
    expect(await ask(path, never())).toBe(ANSWER);
  });

  it('joins a long response', async () => {
    const peer = `public_key=${'ab'.repeat(32)}\nrx_bytes=1\ntx_bytes=1\n`;
    const long = `${peer.repeat(20_000)}errno=0\n\n`;
    const { path } = await daemon((socket) => socket.write(long));
    expect((await ask(path, never())).length).toBe(long.length);
  });

  it('does not wait for a daemon that keeps the connection open after its response', async () => {
    const { path } = await daemon((socket) => socket.write(ANSWER), { allowHalfOpen: true });
    expect(await ask(path, never())).toBe(ANSWER);
  });

  it('has no complete response from a daemon that closes early', async () => {
    const { path } = await daemon((socket) => socket.end(ANSWER.slice(0, -3)));
    expect(parsed(await ask(path, never()))).toMatchObject({ kind: 'unknown' });
  });

  it('has no complete response from a daemon that closes without a response', async () => {
    const { path } = await daemon((socket) => socket.end());
    expect(parsed(await ask(path, never()))).toMatchObject({ kind: 'unknown' });
  });

  it('rejects when it is aborted because the daemon hangs', async () => {
    const { path, connected } = await daemon(() => {});
    const giveUp = new AbortController();
    const answer = ask(path, giveUp.signal);
    await connected;
    giveUp.abort();
    await expect(answer).rejects.toThrow();
  });

  it('rejects when it is aborted because the daemon stops within its response', async () => {
    const giveUp = new AbortController();
    const { path } = await daemon((socket) => {
      socket.write(ANSWER.slice(0, -1), () => setImmediate(() => giveUp.abort()));
    });
    await expect(ask(path, giveUp.signal)).rejects.toThrow();
  });

  it('rejects immediately if it was aborted before', async () => {
    const { path } = await daemon((socket) => socket.write(ANSWER));
    await expect(ask(path, AbortSignal.abort())).rejects.toThrow();
  });

  it('is aborted if the response has no end', async () => {
    const { path } = await daemon((socket) => {
      const write = () => {
        while (!socket.destroyed && socket.write('x'.repeat(1000)));
      };
      socket.on('drain', write);
      write();
    });
    await expect(ask(path, never(), 100_000)).rejects.toThrow(/sends an endless response/);
  });

  it('rejects with the system error if no process listens', async () => {
    const { path } = await daemon(() => {});
    await expect(ask(`${path}x`, never())).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

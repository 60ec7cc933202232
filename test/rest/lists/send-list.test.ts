import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Json } from '../../../src/rest/json.ts';
import { sendList } from '../../../src/rest/lists/send-list.ts';
import { within } from '../../live/support.ts';

const inTurn = async <T>(work: () => Promise<T>) => {
  const done = await work();
  await new Promise(setImmediate);
  return done;
};

/** Starts a server that sends these slices, and returns the outcome of sending. */
async function serve(slices: Iterator<readonly Json[], void, void>, withinMs = 60_000) {
  let settle: (outcome: unknown) => void = () => {};
  const outcome = new Promise<unknown>((resolve) => {
    settle = resolve;
  });
  const server: Server = createServer((_, response) => {
    sendList(response, { slices }, { inTurn, withinMs }).then(() => settle('sent'), settle);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const [response] = await once(
    request({ port, host: '127.0.0.1', agent: false }).end(),
    'response',
  );
  return { outcome, response };
}

async function read(response: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const part of response) text += part;
  return text;
}

describe('a list that is sent in parts', () => {
  it.each([
    ['[]', []],
    ['[]', [[]]],
    ['[1,2,3]', [[1, 2], [], [3n]]],
  ] as [string, Json[][]][])('is one array in case %#: %s', async (text, slices) => {
    const { response, outcome } = await serve(slices[Symbol.iterator]());
    expect(await read(response)).toBe(text);
    expect(await outcome).toBe('sent');
  });

  it('is aborted when reading fails, so that a part cannot be mistaken for the whole list', async () => {
    let isReading: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      isReading = resolve;
    });
    function* failing(): Generator<readonly Json[], void, void> {
      // More than the kernel buffers hold, so that sending continues only when the client reads.
      for (let slice = 0; slice < 200; slice++) yield ['x'.repeat(100_000)];
      isReading();
      throw new Error('The disk is gone.');
    }
    const { response, outcome } = await serve(failing());
    await expect(within('the end', read(response))).rejects.toThrow();
    await begun;
    expect(await outcome).toMatchObject({ message: 'The disk is gone.' });
  });

  it('is an error response if its beginning cannot be read', async () => {
    function* failing(): Generator<readonly Json[], void, void> {
      yield* [];
      throw new Error('The disk is gone.');
    }
    const written: unknown[] = [];
    const response = { headersSent: false, write: (text: string) => written.push(text) };
    const sending = sendList(
      response as never,
      { slices: failing() },
      { inTurn, withinMs: 60_000 },
    );
    await expect(sending).rejects.toThrow('The disk is gone.');
    expect(written).toEqual([]);
  });

  it('is cut off when it takes too long', async () => {
    function* endless(): Generator<readonly Json[], void, void> {
      for (;;) yield ['x'.repeat(1000)];
    }
    const { response, outcome } = await serve(endless(), 50);
    await expect(within('the end', read(response))).rejects.toThrow();
    expect(await outcome).toBe('sent');
  });
});

import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { SharedFrame } from '../../../src/server/live/shared-frame.ts';

/** A stream that takes each chunk at once, or at the end of the turn, as a socket does whose client does not read. */
function connection({ isFull }: { isFull: boolean }) {
  const taken: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      const take = () => {
        taken.push(Buffer.from(chunk));
        done();
      };
      if (isFull) setImmediate().then(take);
      else take();
    },
  });
  return { stream, text: () => Buffer.concat(taken).subarray(2).toString() };
}

it('a frame that a full connection still holds keeps its own beginning', async () => {
  const frame = new SharedFrame('the end');
  const connections = [false, true, false, true, false].map((isFull) => connection({ isFull }));
  for (const [number, { stream }] of connections.entries()) {
    frame.writeTo(stream, Buffer.from(`client ${number}, `));
  }
  for (const { stream } of connections) stream.end();
  await setImmediate();
  await setImmediate();
  expect(connections.map(({ text }) => text())).toEqual(
    connections.map((_, number) => `client ${number}, the end`),
  );
});

import { describe, expect, it } from 'vitest';
import { iteratorOf, leavable } from '../../src/async/iterator.ts';

describe('an iterator of two functions', () => {
  it('gives its values to a loop, and is ended by a loop that is left', async () => {
    let last = 0;
    let ends = 0;
    const numbers = iteratorOf(
      async () => ({ done: false, value: ++last }),
      async () => {
        ends++;
        return { done: true, value: undefined };
      },
    );
    for await (const number of numbers) if (number === 3) break;
    expect([last, ends]).toEqual([3, 1]);
  });
});

describe('a generator that may be left', () => {
  it('ends at once although it waits for a value', async () => {
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    let isClosed = false;
    async function* values(): AsyncGenerator<number, void, void> {
      try {
        yield 1;
        await left;
      } finally {
        isClosed = true;
      }
    }
    const stream = leavable(values(), leave);
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    const pending = stream.next();
    expect(await stream.return?.()).toEqual({ done: true, value: undefined });
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(isClosed).toBe(true);
  });
});

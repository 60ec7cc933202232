import { describe, expect, it } from 'vitest';
import { Queue } from '../../src/live/queue.ts';

const overflowError = () => new Error('Too slow.');
const events = (limit = 100) => new Queue<number>({ key: null, limit, overflowError });

interface State {
  readonly id: string;
  readonly value: number;
}

const states = (limit = 100) => new Queue<State>({ key: ({ id }) => id, limit, overflowError });

describe('a queue of events', () => {
  it('returns all waiting values together, in order, including equal values', async () => {
    const queue = events();
    for (const value of [3, 1, 3, 2]) queue.push(value);
    const reader = queue[Symbol.asyncIterator]();
    expect(await reader.next()).toEqual({ done: false, value: [3, 1, 3, 2] });
  });

  it('wakes a waiting reader', async () => {
    const queue = events();
    const reader = queue[Symbol.asyncIterator]();
    const next = reader.next();
    await Promise.resolve();
    queue.push(7);
    expect(await next).toEqual({ done: false, value: [7] });
  });

  it('loses no value pushed while the reader is busy', async () => {
    const queue = events();
    queue.push(1);
    const read: number[] = [];
    for await (const batch of queue) {
      read.push(...batch);
      const last = batch.at(-1) as number;
      if (last >= 9) break;
      queue.push(last + 1);
      await Promise.resolve();
      queue.push(last + 2);
    }
    expect(read).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('ends with its error when too many values wait, and pushing never throws', async () => {
    const queue = events(3);
    for (let value = 0; value < 3; value++) queue.push(value);
    const reader = queue[Symbol.asyncIterator]();
    expect(await reader.next()).toMatchObject({ value: [0, 1, 2] });
    for (let value = 0; value < 1000; value++) queue.push(value);
    await expect(reader.next()).rejects.toThrow('Too slow.');
    expect(() => queue.push(1)).not.toThrow();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('ends a waiting reader when it is closed', async () => {
    const queue = events();
    const next = queue[Symbol.asyncIterator]().next();
    await Promise.resolve();
    queue.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('returns nothing after it was closed, whatever is or was pushed', async () => {
    const queue = events();
    queue.push(1);
    queue.close();
    queue.close();
    queue.push(2);
    expect(await queue[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });
});

describe('a queue of states', () => {
  it('keeps only the newest value of each key, in the order of the newest values', async () => {
    const queue = states();
    queue.push({ id: 'a', value: 1 });
    queue.push({ id: 'b', value: 2 });
    queue.push({ id: 'a', value: 3 });
    const { value } = await queue[Symbol.asyncIterator]().next();
    expect(value).toEqual([
      { id: 'b', value: 2 },
      { id: 'a', value: 3 },
    ]);
  });

  it('does not overflow through changes of the same keys', async () => {
    const queue = states(2);
    for (let value = 0; value < 1000; value++) {
      queue.push({ id: value % 2 === 0 ? 'even' : 'odd', value });
    }
    const { value } = await queue[Symbol.asyncIterator]().next();
    expect(value).toEqual([
      { id: 'even', value: 998 },
      { id: 'odd', value: 999 },
    ]);
  });

  it('returns a state again that was read before and came back', async () => {
    const queue = states();
    const reader = queue[Symbol.asyncIterator]();
    queue.push({ id: 'a', value: 1 });
    expect(await reader.next()).toMatchObject({ value: [{ value: 1 }] });
    queue.push({ id: 'a', value: 1 });
    expect(await reader.next()).toMatchObject({ value: [{ value: 1 }] });
  });
});

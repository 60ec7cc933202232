import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keyedStore } from '../../web/live/keyed-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a store notifies only the readers of what changed, at most four times a second', () => {
  const store = keyedStore<number>();
  const [one, other] = [vi.fn(), vi.fn()];
  store.subscribe('1', one);
  store.subscribe('2', other);
  for (let step = 0; step < 100; step += 1) {
    store.set([['1', step]]);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(250);
  expect(store.get('1')).toBe(99);
  expect(one.mock.calls.length).toBeLessThanOrEqual(6);
  expect(one.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(other).not.toHaveBeenCalled();
});

it('a reader that has left is not notified', () => {
  const store = keyedStore<number>();
  const reader = vi.fn();
  store.subscribe('1', reader)();
  store.set([['1', 1]]);
  vi.advanceTimersByTime(1_000);
  expect(reader).not.toHaveBeenCalled();
});

it('a store that is cleared has nothing and notifies the readers of what it had', () => {
  const store = keyedStore<number>();
  const [one, other] = [vi.fn(), vi.fn()];
  store.set([['1', 1]]);
  vi.advanceTimersByTime(1_000);
  store.subscribe('1', one);
  store.subscribe('2', other);
  store.clear();
  vi.advanceTimersByTime(1_000);
  expect(store.get('1')).toBeUndefined();
  expect(one).toHaveBeenCalledTimes(1);
  expect(other).not.toHaveBeenCalled();
});

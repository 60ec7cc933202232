import { AppError } from '../domain/errors.ts';
import { Queue } from './queue.ts';
import type { Topics } from './topics.ts';

/** Events a subscriber may leave unread before it is cut off. States are as many as there are users. */
const MAX_UNREAD_EVENTS = 10_000;

/** A place in the stream of one topic: it holds all that was published since it was made. */
export interface Subscription<T> extends AsyncIterable<readonly T[]> {
  /** Ends the stream; may be called at any time, and more than once. */
  close(): void;
  /** Aborted when the stream has ended, by whomever. */
  readonly ended: AbortSignal;
}

/**
 * Carries what was committed to those who watch. A subscriber registers before it reads its
 * snapshot, so that nothing falls between the two. Publishing cannot fail.
 */
export interface Bus {
  publish<K extends keyof Topics>(topic: K, values: readonly Topics[K][]): void;
  subscribe<K extends keyof Topics>(topic: K): Subscription<Topics[K]>;
  /** Ends every subscription; later ones end at once. */
  close(): void;
}

/** Topics that are states: what makes two values the same state. The others are events. */
const STATE_KEYS: { [K in keyof Topics]: ((value: Topics[K]) => unknown) | null } = {
  presence: (change) => change.userId,
  commit: () => 'commit',
  status: () => 'status',
  traffic: (change) => change.userId,
  events: null,
};

export function createBus(): Bus {
  const subscribers: { [K in keyof Topics]: Set<Queue<Topics[K]>> } = {
    presence: new Set(),
    commit: new Set(),
    status: new Set(),
    traffic: new Set(),
    events: new Set(),
  };
  let isClosed = false;
  return {
    publish: (topic, values) => {
      for (const queue of subscribers[topic]) queue.pushAll(values);
    },
    subscribe: <K extends keyof Topics>(topic: K) => {
      const queue = new Queue<Topics[K]>({
        key: STATE_KEYS[topic],
        limit: STATE_KEYS[topic] === null ? MAX_UNREAD_EVENTS : Number.POSITIVE_INFINITY,
        overflowError: slowConsumer,
      });
      const own: Set<Queue<Topics[K]>> = subscribers[topic];
      own.add(queue);
      if (isClosed) queue.close();
      return {
        ended: queue.ended,
        [Symbol.asyncIterator]: () => queue[Symbol.asyncIterator](),
        close: () => {
          own.delete(queue);
          queue.close();
        },
      };
    },
    close: () => {
      isClosed = true;
      for (const queues of Object.values(subscribers)) for (const queue of queues) queue.close();
    },
  };
}

function slowConsumer(): AppError {
  return new AppError('SLOW_CONSUMER', {
    en: 'This subscription was ended because its events were not read fast enough; subscribe again from the last event you saw.',
    zh: '由于读取过慢，此订阅已结束；请从您看到的最后一个事件重新订阅。',
  });
}

import { AppError } from '../domain/errors.ts';
import { Queue } from './queue.ts';
import type { LoggedEvent, RateChange, Topics } from './topics.ts';

/**
 * How many unread events a subscriber may have before it is disconnected. States need no limit: they are
 * bounded by the number of users.
 */
const MAX_UNREAD_EVENTS = 10_000;

/** A subscription to one topic. It holds everything published since it was created. */
export interface Subscription<T> extends AsyncIterable<readonly T[]> {
  /** Ends the stream; may be called at any time, and more than once. */
  close(): void;
  /** Aborted when the stream has ended for any reason. */
  readonly ended: AbortSignal;
}

/**
 * Delivers committed changes to subscribers. A subscriber registers before it reads its snapshot, so that
 * no change is lost between the two. Publishing cannot fail.
 */
export interface Bus {
  publish<K extends keyof Topics>(topic: K, values: readonly Topics[K][]): void;
  subscribe<K extends keyof Topics>(topic: K): Subscription<Topics[K]>;
  /** The newest published rate of a user; zeros if there is none. */
  rateOf(userId: number): Omit<RateChange, 'userId'>;
  /** The sum of the newest published rates of these users, or of all if null. */
  sumOfRates(userIds: readonly number[] | null): Omit<RateChange, 'userId'>;
  /** Ends all subscriptions; later ones end immediately. */
  close(): void;
}

/** For a topic of states, the key by which a newer value replaces an older one; null for events. */
const STATE_KEYS: { [K in keyof Topics]: ((value: Topics[K]) => unknown) | null } = {
  presence: (change) => change.userId,
  commit: () => 'commit',
  status: () => 'status',
  traffic: (change) => change.userId,
  events: null,
};

/** Receives what happens on a bus, to be counted. */
export interface BusObserver {
  logged(events: readonly LoggedEvent[]): void;
  /** A subscription was ended because its events were not read fast enough. */
  slowConsumer(): void;
}

const NOT_OBSERVED: BusObserver = { logged: () => {}, slowConsumer: () => {} };

export function createBus(observer: BusObserver = NOT_OBSERVED): Bus {
  const subscribers: { [K in keyof Topics]: Set<Queue<Topics[K]>> } = {
    presence: new Set(),
    commit: new Set(),
    status: new Set(),
    traffic: new Set(),
    events: new Set(),
  };
  const rates = new Map<number, RateChange>();
  let isClosed = false;
  return {
    publish: <K extends keyof Topics>(topic: K, values: readonly Topics[K][]) => {
      if (topic === 'events') observer.logged(values as readonly LoggedEvent[]);
      for (const queue of subscribers[topic]) queue.pushAll(values);
      if (topic === 'traffic') keepRates(rates, values as readonly RateChange[]);
    },
    rateOf: (userId) => rates.get(userId) ?? NO_TRAFFIC,
    sumOfRates: (userIds) => {
      const summed = userIds === null ? rates.values() : userIds.map((id) => rates.get(id));
      let [rxBytesPerSecond, txBytesPerSecond] = [0, 0];
      for (const rate of summed) {
        rxBytesPerSecond += rate?.rxBytesPerSecond ?? 0;
        txBytesPerSecond += rate?.txBytesPerSecond ?? 0;
      }
      return { rxBytesPerSecond, txBytesPerSecond };
    },
    subscribe: <K extends keyof Topics>(topic: K) => {
      const queue = new Queue<Topics[K]>({
        key: STATE_KEYS[topic],
        limit: STATE_KEYS[topic] === null ? MAX_UNREAD_EVENTS : Number.POSITIVE_INFINITY,
        overflowError: () => {
          observer.slowConsumer();
          return slowConsumer();
        },
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
    en: 'This subscription was ended because its events were not read fast enough; subscribe again from the last event you received.',
    zh: '由于读取事件过慢，此订阅已结束；请从您收到的最后一个事件重新订阅。',
  });
}

const NO_TRAFFIC = { rxBytesPerSecond: 0, txBytesPerSecond: 0 };

/** A rate of zero is not kept, so the map holds only users with traffic. */
function keepRates(kept: Map<number, RateChange>, changes: readonly RateChange[]): void {
  for (const change of changes) {
    const isZero = change.rxBytesPerSecond === 0 && change.txBytesPerSecond === 0;
    if (isZero) kept.delete(change.userId);
    else kept.set(change.userId, change);
  }
}

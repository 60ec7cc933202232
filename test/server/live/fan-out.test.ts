import { setImmediate } from 'node:timers/promises';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Queue } from '../../../src/live/queue.ts';
import { createFanOut, type Subscribe } from '../../../src/server/live/fan-out.ts';
import type { SharedResult, Sink } from '../../../src/server/live/shared-result.ts';
import type { LateJoiner } from '../../../src/server/live/sharing-key.ts';

const ARGS = {} as ExecutionArgs;
const { signal: ended } = new AbortController();
const sharing = (lateJoiner: LateJoiner) => ({ key: 'the same', lateJoiner, ended });

interface Seen extends Sink {
  readonly results: SharedResult[];
  readonly texts: () => string[];
  isOver: boolean;
}

function sink(): Seen {
  const results: SharedResult[] = [];
  const seen: Seen = {
    results,
    texts: () => results.map(({ text }) => JSON.parse(text).data?.state ?? 'failed'),
    isOver: false,
    push: (result) => results.push(result),
    end: () => {
      seen.isOver = true;
    },
  };
  return seen;
}

/** Waits until work started in one event loop iteration has continued in the next. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}

/** An execution whose results the test provides; counts the starts and the running executions. */
function source() {
  const queues: Queue<ExecutionResult>[] = [];
  const running = new Set<object>();
  const subscribe: Subscribe = async () => {
    const queue = new Queue<ExecutionResult>({
      key: null,
      limit: Number.POSITIVE_INFINITY,
      overflowError: () => new Error('No.'),
    });
    queues.push(queue);
    running.add(queue);
    async function* results() {
      for await (const batch of queue) yield* batch;
    }
    const generator = results();
    const iterator = {
      next: () => generator.next(),
      return: () => {
        running.delete(queue);
        queue.close();
        return generator.return();
      },
    };
    return { [Symbol.asyncIterator]: () => iterator };
  };
  const tell = (number: number, state: string) => queues[number]?.push({ data: { state } });
  const fail = (number: number) => queues[number]?.push({ errors: [new Error('Gone.') as never] });
  return { subscribe, queues, running, tell, fail };
}

/** A fan-out with one subscription. */
async function startFanOut(lateJoiner: LateJoiner) {
  const given = source();
  const fanOut = createFanOut();
  const join = (one: Sink, begin: Subscribe = given.subscribe) =>
    fanOut.join(sharing(lateJoiner), ARGS, begin, one);
  const early = sink();
  const leave = join(early);
  await turns();
  return { ...given, join, early, leave };
}

/** The same, after a first result. */
async function startWithSnapshot() {
  const started = await startFanOut('SNAPSHOT');
  started.tell(0, 'snapshot');
  await turns();
  return started;
}

describe('equal subscriptions', () => {
  it('are one execution, and each result is written once for all', async () => {
    const { queues, join, early, tell } = await startFanOut('NEXT');
    const sinks = [early, sink(), sink()];
    for (const one of sinks.slice(1)) join(one);
    await setImmediate();
    tell(0, 'a');
    await setImmediate();
    expect(queues).toHaveLength(1);
    expect(sinks.map(({ texts }) => texts())).toEqual([['a'], ['a'], ['a']]);
    const [first, second] = sinks.map(({ results }) => results[0]);
    expect(second).toBe(first);
    expect(second?.frame).toBe(first?.frame);
  });

  it('end their execution when the last of them ends, and no sooner', async () => {
    const { queues, running, join, leave } = await startFanOut('NEXT');
    const leaveToo = join(sink());
    await setImmediate();
    leave();
    leave();
    expect(running.size).toBe(1);
    leaveToo();
    expect(running.size).toBe(0);
    join(sink());
    await setImmediate();
    expect(queues).toHaveLength(2);
  });

  it('end an execution that was still being prepared when all of them ended', async () => {
    const { subscribe, running } = source();
    createFanOut().join(sharing('NEXT'), ARGS, subscribe, sink())();
    await setImmediate();
    expect(running.size).toBe(0);
  });

  it('all complete when the execution ends', async () => {
    const { queues, join, early, tell } = await startFanOut('NEXT');
    const late = sink();
    join(late);
    tell(0, 'last');
    queues[0]?.finish();
    await setImmediate();
    for (const one of [early, late]) {
      expect(one.texts()).toEqual(['last']);
      expect(one.isOver).toBe(true);
    }
  });

  it('yield to the event loop while thousands of results are delivered', async () => {
    const { early: told, tell } = await startFanOut('NEXT');
    for (let number = 0; number < 5_000; number++) tell(0, String(number));
    await setImmediate();
    expect(told.results.length).toBeGreaterThan(0);
    expect(told.results.length).toBeLessThan(1_000);
    while (told.results.length < 5_000) await setImmediate();
    expect(told.texts()).toEqual(Array.from({ length: 5_000 }, (_, number) => String(number)));
  });
});

describe('a late joiner', () => {
  it('gets its own snapshot if results are changes, then all results received in between', async () => {
    const { queues, running, join, early, tell } = await startWithSnapshot();
    const late = sink();
    join(late);
    await turns();
    tell(0, 'change');
    await turns();
    expect(late.texts()).toEqual([]);
    tell(1, 'its own snapshot');
    tell(1, 'change that the group tells');
    await turns();
    tell(0, 'next change');
    await turns();
    expect(early.texts()).toEqual(['snapshot', 'change', 'next change']);
    expect(late.texts()).toEqual(['its own snapshot', 'change', 'next change']);
    expect(running).toEqual(new Set([queues[0]]));
  });

  it('shares its snapshot with others of the same turn of the event loop', async () => {
    const { queues, join, tell } = await startWithSnapshot();
    const together = [sink(), sink()];
    for (const one of together) join(one);
    await turns();
    tell(1, 'theirs');
    await turns();
    const later = sink();
    join(later);
    await turns();
    tell(2, 'its own');
    await turns();
    expect(together.map(({ texts }) => texts())).toEqual([['theirs'], ['theirs']]);
    expect(later.texts()).toEqual(['its own']);
    expect(queues).toHaveLength(3);
  });

  it('receives the reason if the execution ends while it waits for its snapshot', async () => {
    const { queues, join, fail } = await startWithSnapshot();
    const late = sink();
    join(late);
    await turns();
    fail(0);
    queues[0]?.finish();
    await turns();
    expect(late.texts()).toEqual(['failed']);
    expect(late.isOver).toBe(true);
  });

  it.each(['fails', 'is refused', 'cannot be begun'])(
    'is ended alone when its snapshot %s',
    async (how) => {
      const { subscribe, join, early, tell, fail } = await startWithSnapshot();
      const late = sink();
      const begin = {
        fails: subscribe,
        'is refused': async () => ({ errors: [new Error('No.') as never] }),
        'cannot be begun': () => Promise.reject(new Error('No.')),
      }[how] as typeof subscribe;
      join(late, begin);
      await turns();
      fail(1);
      await turns();
      tell(0, 'change');
      await turns();
      expect(late.texts()).toEqual(how === 'cannot be begun' ? [] : ['failed']);
      expect(late.isOver).toBe(true);
      expect(early.texts()).toEqual(['snapshot', 'change']);
      expect(early.isOver).toBe(false);
    },
  );

  it('that leaves before its snapshot arrives receives nothing', async () => {
    const { queues, running, join, tell } = await startWithSnapshot();
    const late = sink();
    const leave = join(late);
    await turns();
    leave();
    tell(1, 'too late');
    await turns();
    expect(late.results).toEqual([]);
    expect(running).toEqual(new Set([queues[0]]));
  });

  it('waits for the next result if each result is complete by itself', async () => {
    const { join, tell } = await startFanOut('NEXT');
    tell(0, 'before');
    await turns();
    const late = sink();
    join(late);
    tell(0, 'after');
    await turns();
    expect(late.texts()).toEqual(['after']);
  });
});

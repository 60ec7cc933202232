import { setImmediate } from 'node:timers/promises';
import { type ExecutionArgs, type ExecutionResult, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Queue } from '../../../src/live/queue.ts';
import { schema } from '../../../src/schema/index.ts';
import { useSharedSubscriptions } from '../../../src/server/graphql/plugins/use-shared-subscriptions.ts';
import { createFanOut } from '../../../src/server/live/fan-out.ts';

type Stream = AsyncIterableIterator<ExecutionResult & { readonly stringify?: () => string }>;

/** The stream of one client of server-sent events, and the shared execution behind it. */
async function openStream() {
  const right = new AbortController();
  const results = new Queue<ExecutionResult>({
    key: null,
    limit: Number.POSITIVE_INFINITY,
    overflowError: () => new Error('No.'),
  });
  let isRunning = false;
  async function* execution() {
    isRunning = true;
    try {
      for await (const batch of results) yield* batch;
    } finally {
      isRunning = false;
    }
  }
  const principal = { name: 'a', role: 'viewer', expiresAtMs: null, ended: right.signal };
  const args = {
    schema,
    document: parse('subscription { status { demo } }'),
    contextValue: { request: {}, principal, language: 'en' },
  } as unknown as ExecutionArgs;
  let subscribe: (args: ExecutionArgs) => Stream = () => expect.fail('It was not shared.');
  let slowConsumers = 0;
  const counter = { subscribed: () => () => {}, slowConsumer: () => void slowConsumers++ };
  await useSharedSubscriptions(createFanOut(), (result) => result, counter).onSubscribe?.({
    args,
    subscribeFn: async () => execution(),
    setSubscribeFn: (given: typeof subscribe) => {
      subscribe = given;
    },
  } as never);
  const stream = subscribe(args);
  const tell = async (state: string) => {
    results.push({ data: { state } });
    await setImmediate();
  };
  await setImmediate();
  return {
    ...{ stream, tell, right },
    isRunning: () => isRunning,
    end: () => results.finish(),
    slowConsumers: () => slowConsumers,
  };
}

const MB = 1024 * 1024;

/** The remaining values of the stream: the first letter of each state, or the error code. */
async function rest(stream: Stream): Promise<string[]> {
  const said: string[] = [];
  for await (const { errors, stringify } of stream) {
    const code = errors?.[0]?.extensions.code;
    said.push(String(code ?? JSON.parse(stringify?.() ?? '').data.state[0]));
  }
  return said;
}

describe('a reader of server-sent events', () => {
  it('receives all results while it reads, and the end', async () => {
    const { stream, tell, end } = await openStream();
    for (const state of ['a', 'b', 'c']) await tell(state);
    end();
    expect(await rest(stream)).toEqual(['a', 'b', 'c']);
  });

  it('may leave a megabyte and the largest message unread', async () => {
    const { stream, tell, end } = await openStream();
    for (const state of ['a'.repeat(5 * MB), 'b'.repeat(MB / 2), 'c'.repeat(MB / 2)])
      await tell(state);
    end();
    expect(await rest(stream)).toEqual(['a', 'b', 'c']);
  });

  it('is ended when it leaves more unread, and its queue is released', async () => {
    const { stream, tell, slowConsumers } = await openStream();
    for (let count = 0; count < 5; count++) await tell('a'.repeat(MB));
    expect(await rest(stream)).toEqual(['SLOW_CONSUMER']);
    expect(slowConsumers()).toBe(1);
  });

  it('receives no queued results after its access has ended', async () => {
    const { stream, tell, right } = await openStream();
    for (const state of ['a', 'b', 'c']) await tell(state);
    expect(JSON.parse((await stream.next()).value?.stringify())).toEqual({ data: { state: 'a' } });
    right.abort();
    expect(await rest(stream)).toEqual(['UNAUTHENTICATED']);
  });

  it('ends the execution when it disconnects, also while nothing happens', async () => {
    const { stream, isRunning, tell } = await openStream();
    await tell('a');
    await stream.next();
    const waiting = stream.next();
    expect(isRunning()).toBe(true);
    await stream.return?.();
    expect((await waiting).done).toBe(true);
    await tell('nobody hears it');
    expect(isRunning()).toBe(false);
  });
});

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Principal } from '../../src/access/principal.ts';
import { createBus } from '../../src/live/bus.ts';
import type { UsersAnswer } from '../../src/rest/route.ts';
import { createKeptAnswers, type KeptAnswersOptions } from '../../src/server/kept-answers.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { deferred } from '../fixtures/test-store.ts';

const ADMIN: Principal = {
  name: 'local',
  role: 'admin',
  owner: null,
  expiresAtMs: null,
  loginId: null,
  ended: new AbortController().signal,
};

/** A server of one list, whose text is its number; `made` says how often it was made. */
async function startList() {
  const bus = createBus();
  const users = { revision: 1 };
  const state = { made: 0, fails: false, ready: Promise.resolve() };
  const make = async (): Promise<UsersAnswer> => {
    if (state.fails) throw new Error('The access has ended.');
    state.made++;
    await state.ready;
    return {
      text: `[${users.revision}]`,
      totalCount: users.revision,
      revision: users.revision,
      again: make,
    };
  };
  const services = { store: { users }, clock: testClock(), bus };
  const kept = createKeptAnswers({
    services: services as unknown as KeptAnswersOptions['services'],
    gate: { admit: () => {} } as unknown as KeptAnswersOptions['gate'],
    authenticate: () => ADMIN,
  });
  let onArrival = () => {};
  const server = createServer(async (request, response) => {
    onArrival();
    if (await kept.sendAgain(request, response)) return;
    const answer = await make();
    response.setHeader('X-Total-Count', String(answer.totalCount));
    const routed = Object.assign(request, { originalUrl: request.url as string });
    kept.send(routed as IncomingMessage & { originalUrl: string }, response, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    bus.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    state,
    /** Ends when the next request has arrived. */
    arrived: () =>
      new Promise<void>((resolve) => {
        onArrival = resolve;
      }),
    get: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/list`);
      const { headers } = response;
      return {
        text: await response.text(),
        tag: headers.get('etag'),
        count: headers.get('x-total-count'),
      };
    },
    commit: async () => {
      users.revision++;
      bus.publish('commit', [{ at: new Date(0) }]);
      for (let times = 0; times < 5; times++) await turn();
    },
  };
}

describe('an answer that was asked for', () => {
  it('is made again after the next commit, with its own tag and count', async () => {
    const list = await startList();
    const first = await list.get();
    await list.commit();
    expect(list.state.made).toBe(2);
    const second = await list.get();
    expect(second).toMatchObject({ text: '[2]', count: '2' });
    expect(second.tag).toBe(first.tag?.replace('-1-', '-2-'));
    expect(list.state.made).toBe(2);
  });

  it('is made once more, and no longer when nobody asked for it since', async () => {
    const list = await startList();
    await list.get();
    for (let times = 0; times < 4; times++) await list.commit();
    expect(list.state.made).toBe(2);
    expect((await list.get()).text).toBe('[5]');
  });

  it('is made when it is asked for if that failed', async () => {
    const list = await startList();
    await list.get();
    list.state.fails = true;
    await list.commit();
    list.state.fails = false;
    expect((await list.get()).text).toBe('[2]');
  });

  it('is not made twice for who asks while it is being made', async () => {
    const list = await startList();
    await list.get();
    const { promise, resolve } = deferred();
    list.state.ready = promise;
    await list.commit();
    const arrived = list.arrived();
    const asked = list.get();
    await arrived;
    resolve();
    expect((await asked).text).toBe('[2]');
    expect(list.state.made).toBe(2);
  });
});

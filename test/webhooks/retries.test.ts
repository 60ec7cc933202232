import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TestApp } from '../fixtures/test-app.ts';
import { samplesOf, scrape } from '../metrics/support.ts';
import {
  createUser,
  createWebhook,
  ids,
  readDeliveries,
  readWebhook,
  rename,
  startReceiver,
  startSending,
  untilReceived,
  updateWebhook,
  verify,
} from './support.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const types = ['USER_CREATED', 'USER_UPDATED'];

const start = () => startSending({ prepare: (wireguard) => void wireguard.interface() });

/** Waits until the attempt is recorded; the receiver knows of it earlier. */
async function untilRecorded(app: TestApp, id: string, count: number) {
  await app.eventually('a record', async () => (await readDeliveries(app, id)).length >= count);
  return readDeliveries(app, id);
}

describe('a message that is not accepted', () => {
  it('is sent again by the schedule with the same id, each time signed for its time', async () => {
    const app = await start();
    const receiver = await startReceiver();
    receiver.answer = 500;
    const { id, secret } = await createWebhook(app, { url: receiver.url, types });
    const user = await createUser(app, 'a');
    await rename(app, user, 'b');
    const delays = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
    for (const [index, delay] of [...delays, 14 * HOUR, 20 * HOUR, 24 * HOUR].entries()) {
      await untilRecorded(app, id, index + 1);
      const nextAt = app.clock.wallMs() + delay;
      expect(await readWebhook(app, id)).toMatchObject({
        failedAttempts: index + 1,
        nextAttemptAt: new Date(nextAt).toISOString(),
        disabledAt: null,
      });
      app.clock.advance(delay - 1);
      await app.polled();
      expect(receiver.received).toHaveLength(index + 1);
      app.clock.advance(1);
      await untilReceived(app, receiver, index + 2);
    }
    expect(new Set(ids(receiver)).size).toBe(1);
    const times = receiver.received.map(({ headers }) => headers['webhook-timestamp']);
    expect(new Set(times).size).toBe(10);
    expect(verify(app, secret, receiver.received.at(-1) as never)).toMatchObject({
      type: 'user.created',
    });
    await untilRecorded(app, id, 10);
    expect(await readWebhook(app, id)).toMatchObject({
      disabledAt: new Date(app.clock.wallMs()).toISOString(),
      disabledReason: 'FAILED',
    });
    expect(app.log.filter((line) => line.includes('receives nothing more'))).toHaveLength(1);
    const { data } = await app.graphql('{ status { disabledWebhooks } }');
    expect(data.status.disabledWebhooks).toBe(1);
    const samples = await scrape(app);
    expect(samples.get('wgql_disabled_webhooks')).toBe('1');
    expect(samplesOf(samples, 'wgql_webhook_deliveries_total')).toEqual({
      ...{ '{result="accepted"}': '0', '{result="failed"}': '10' },
    });

    // What follows was not lost.
    receiver.answer = 204;
    await updateWebhook(app, id, { enabled: true });
    await untilReceived(app, receiver, 12);
    const last = receiver.received.slice(-2).map(({ json }) => json.type);
    expect(last).toEqual(['user.created', 'user.updated']);
    expect(await readWebhook(app, id)).toMatchObject({ disabledAt: null, disabledReason: null });
  });

  it('is sent again after an error, and then those that follow it, in order', async () => {
    const app = await start();
    const receiver = await startReceiver();
    receiver.answer = (response) => {
      response.writeHead(receiver.received.length === 1 ? 503 : 204).end();
    };
    const { id } = await createWebhook(app, { url: receiver.url, types });
    const user = await createUser(app, 'a');
    for (const name of ['b', 'c']) await rename(app, user, name);
    await untilRecorded(app, id, 1);
    app.clock.advance(5 * SECOND);
    await untilReceived(app, receiver, 4);
    const [first, second, ...others] = ids(receiver);
    expect(second).toBe(first);
    const numbers = [first, ...others].map((one) => Number(one?.slice('evt_'.length)));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    const recorded = await untilRecorded(app, id, 4);
    expect(recorded.map(({ attempt, ok, statusCode }) => [attempt, ok, statusCode])).toEqual([
      [1, false, 503],
      [2, true, 204],
      [1, true, 204],
      [1, true, 204],
    ]);
    expect(await readWebhook(app, id)).toMatchObject({
      ...{ failedAttempts: 0, nextAttemptAt: null, failingSince: null },
    });
  });

  it.each([
    ['seconds', () => '600', 600 * SECOND],
    ['a date', (now: number) => new Date(now + 2 * HOUR).toUTCString(), 2 * HOUR],
    ['less than the schedule', () => '1', 5 * SECOND],
    ['more than a day', () => '999999', 24 * HOUR],
    ['nonsense', () => 'soon', 5 * SECOND],
  ])('waits as long as retry-after says: %s', async (_, headerAt, expected) => {
    const app = await start();
    const receiver = await startReceiver();
    receiver.answer = (response) => {
      response.writeHead(429, { 'retry-after': headerAt(app.clock.wallMs()) }).end();
    };
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createUser(app, 'a');
    await untilRecorded(app, id, 1);
    const { nextAttemptAt } = await readWebhook(app, id);
    expect(Date.parse(nextAttemptAt) - app.clock.wallMs()).toBe(expected);
  });

  it('with the status 410 is the last one', async () => {
    const app = await start();
    const receiver = await startReceiver();
    receiver.answer = 410;
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createUser(app, 'a');
    await untilRecorded(app, id, 1);
    expect(await readWebhook(app, id)).toMatchObject({ disabledReason: 'GONE' });
    app.clock.advance(30 * HOUR);
    await app.polled();
    expect(receiver.received).toHaveLength(1);
  });

  it('with a redirect is not sent to where it leads', async () => {
    const app = await start();
    const [receiver, other] = [await startReceiver(), await startReceiver()];
    receiver.answer = (response) => void response.writeHead(307, { location: other.url }).end();
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createUser(app, 'a');
    const [recorded] = await untilRecorded(app, id, 1);
    expect(recorded).toMatchObject({ ok: false, statusCode: 307 });
    expect(recorded.error).toContain('redirects');
    expect(other.received).toEqual([]);
  });

  it('says that there was no response in time, or no connection', async () => {
    const app = await startSending({
      prepare: (wireguard) => void wireguard.interface(),
      webhooks: { withinMs: 50 },
    });
    const silent = await startReceiver();
    silent.answer = () => {};
    const hungUp = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(hungUp, 'listening');
    onTestFinished(() => void hungUp.close());
    const { port } = hungUp.address() as { port: number };
    const made = [
      await createWebhook(app, { url: silent.url, types }),
      await createWebhook(app, { url: `http://127.0.0.1:${port}/`, types }),
    ];
    await createUser(app, 'a');
    const errors = [];
    for (const { id } of made) errors.push((await untilRecorded(app, id, 1))[0].error);
    expect(errors).toEqual([
      'The receiver did not answer within 0.05 seconds.',
      'The connection failed (ECONNRESET).',
    ]);
  });

  it.each([
    [200, true, null],
    [500, false, 'The receiver answered with HTTP 500.'],
  ])('is judged by the status, although the body does not end: %s', async (status, ok, error) => {
    const app = await startSending({
      prepare: (wireguard) => void wireguard.interface(),
      webhooks: { withinMs: 100 },
    });
    const receiver = await startReceiver();
    const closed = new Promise<void>((resolve) => {
      receiver.answer = (response) => {
        response.on('close', resolve).writeHead(status).write('I am still');
      };
    });
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createUser(app, 'a');
    const [recorded] = await untilRecorded(app, id, 1);
    expect(recorded).toMatchObject({ ok, statusCode: status, error });
    await closed;
  });

  it('is sent at once after the URL was changed', async () => {
    const app = await start();
    const [broken, fixed] = [await startReceiver(), await startReceiver()];
    broken.answer = 500;
    const { id } = await createWebhook(app, { url: broken.url, types });
    await createUser(app, 'a');
    await untilRecorded(app, id, 1);
    await updateWebhook(app, id, { url: fixed.url });
    await untilReceived(app, fixed, 1);
    expect(ids(fixed)).toEqual(ids(broken));
  });
});

describe('an answer to an attempt before a change', () => {
  /** Sends a message to a receiver that answers only when the function is called. */
  const sendTo = async (app: TestApp, status: number) => {
    const receiver = await startReceiver();
    let answer = () => {};
    receiver.answer = (response) => {
      answer = () => response.writeHead(status, { 'retry-after': '86400' }).end();
    };
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createUser(app, 'a');
    await untilReceived(app, receiver, 1);
    return { id, receiver, answer };
  };

  it.each([503, 410])('says nothing about the new URL: %s', async (status) => {
    const app = await start();
    const { id, answer } = await sendTo(app, status);
    const fixed = await startReceiver();
    await updateWebhook(app, id, { url: fixed.url });
    answer();
    const [recorded] = await untilRecorded(app, id, 1);
    expect(recorded).toMatchObject({ statusCode: status });
    await untilReceived(app, fixed, 1);
    expect(await readWebhook(app, id)).toMatchObject({
      ...{ failedAttempts: 0, nextAttemptAt: null, failingSince: null, disabledAt: null },
    });
    expect(app.log.join('\n')).not.toContain('accepted a message');
    expect(app.log.join('\n')).not.toContain('does not accept a message');
  });

  it.each([503, 410])('delays nothing after the webhook was enabled again: %s', async (status) => {
    const app = await start();
    const { id, receiver, answer } = await sendTo(app, status);
    await updateWebhook(app, id, { enabled: false });
    await updateWebhook(app, id, { enabled: true });
    receiver.answer = 204;
    answer();
    await untilReceived(app, receiver, 2);
    expect((await untilRecorded(app, id, 2)).map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(await readWebhook(app, id)).toMatchObject({ failedAttempts: 0, disabledAt: null });
  });

  it('does not end a replay that goes on at the new URL', async () => {
    const app = await start();
    const [broken, fixed] = [await startReceiver(), await startReceiver()];
    let answer = () => {};
    broken.answer = (response) => {
      const refuse = () => void response.writeHead(500).end();
      if (broken.received.length < 10) refuse();
      else answer = refuse;
    };
    await createUser(app, 'a');
    const { id } = await createWebhook(app, { url: broken.url, types });
    const replay = 'mutation ($id: ID!) { replayWebhook(id: $id, after: 0) { webhook { id } } }';
    expect((await app.graphql(replay, { id })).errors).toBeUndefined();
    for (let attempt = 1; attempt < 10; attempt++) {
      await untilRecorded(app, id, attempt);
      app.clock.advance(24 * HOUR);
      await untilReceived(app, broken, attempt + 1);
    }
    await updateWebhook(app, id, { url: fixed.url });
    answer();
    await untilReceived(app, fixed, 1);
    expect(ids(fixed)).toEqual([broken.received[0]?.id]);
  });
});

describe('receivers', () => {
  it('do not wait for one that answers slowly', async () => {
    const app = await start();
    const [slow, fast] = [await startReceiver(), await startReceiver()];
    const waiting: (() => void)[] = [];
    slow.answer = (response) => {
      waiting.push(() => response.writeHead(204).end());
    };
    await createWebhook(app, { url: slow.url, types });
    await createWebhook(app, { url: fast.url, types });
    const user = await createUser(app, 'a');
    for (const name of ['b', 'c', 'd']) await rename(app, user, name);
    await untilReceived(app, fast, 4);
    // At most one message is in flight to the slow one.
    expect(slow.received).toHaveLength(1);
    for (let count = 1; count <= 4; count++) {
      await untilReceived(app, slow, count);
      waiting[count - 1]?.();
    }
    expect(ids(slow)).toEqual(ids(fast));
  });

  it('get at most 16 messages at the same time, and each its turn', async () => {
    const app = await start();
    const receivers = [];
    const waiting: (() => void)[] = [];
    for (let count = 0; count < 20; count++) {
      const receiver = await startReceiver();
      receiver.answer = (response) => {
        waiting.push(() => response.writeHead(204).end());
      };
      receivers.push(receiver);
      await createWebhook(app, { url: receiver.url, types });
    }
    await rename(app, await createUser(app, 'a'), 'b');
    await app.eventually('16 messages', async () => waiting.length >= 16);
    await app.polled();
    expect(waiting).toHaveLength(16);
    for (let next = 0; next < 40; next++) {
      await app.eventually('a message', async () => waiting.length > next);
      waiting[next]?.();
      expect(waiting.length - next).toBeLessThanOrEqual(17);
    }
    for (const { received } of receivers) expect(received).toHaveLength(2);
  });
});

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { TestApp } from '../fixtures/test-app.ts';
import { makeStaff } from '../fixtures/tokens.ts';
import { expectError } from '../graphql/support.ts';
import {
  ask,
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
} from './support.ts';

const types = ['USER_CREATED', 'USER_UPDATED'];
const start = () => startSending({ prepare: (wireguard) => void wireguard.interface() });

const REPLAY = `mutation ($id: ID!, $after: ID!, $until: ID) {
  replayWebhook(id: $id, after: $after, until: $until) { webhook { id replays cursor } }
}`;
const TEST = `mutation ($id: ID!) {
  testWebhook(id: $id) { delivery { id ok statusCode error type messageId origin } }
}`;
const REPEAT = `mutation ($id: ID!) {
  repeatWebhookDelivery(id: $id) { delivery { id ok statusCode messageId origin eventId } }
}`;

async function untilRecorded(app: TestApp, id: string, count: number) {
  await app.eventually('a record', async () => (await readDeliveries(app, id)).length >= count);
  return readDeliveries(app, id);
}

describe('a replay', () => {
  it('sends a range of the log again with the same ids, and leaves the cursor as it is', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url, types });
    const user = await createUser(app, 'a');
    for (const name of ['b', 'c', 'd']) await rename(app, user, name);
    await untilReceived(app, receiver, 4);
    await untilRecorded(app, id, 4);
    const sent = ids(receiver);
    const idOf = (index: number) => sent[index]?.slice('evt_'.length);
    const { cursor } = await readWebhook(app, id);
    await ask(app, REPLAY, { id, after: idOf(0), until: idOf(2) });
    await untilReceived(app, receiver, 6);
    expect(ids(receiver).slice(4)).toEqual([sent[1], sent[2]]);
    await app.eventually('the end', async () => (await readWebhook(app, id)).replays === 0);
    expect(Number((await readWebhook(app, id)).cursor)).toBeGreaterThanOrEqual(Number(cursor));
    const recorded = await untilRecorded(app, id, 6);
    expect(recorded.map(({ origin }) => origin)).toEqual([
      ...['LIVE', 'LIVE', 'LIVE', 'LIVE', 'REPLAY', 'REPLAY'],
    ]);
    await rename(app, user, 'e');
    await untilReceived(app, receiver, 7);
    expect(sent).not.toContain(ids(receiver).at(-1));
  });

  it('sends all that is kept to a webhook that is newer, and goes on after a restart', async () => {
    const app = await start();
    const user = await createUser(app, 'a');
    for (const name of ['b', 'c']) await rename(app, user, name);
    const receiver = await startReceiver();
    receiver.answer = 503;
    const { id } = await createWebhook(app, { url: receiver.url, types });
    const { replayWebhook } = await ask(app, REPLAY, { id, after: '0' });
    expect(replayWebhook.webhook.replays).toBe(1);
    await untilRecorded(app, id, 1);
    receiver.answer = 204;
    await app.restart();
    app.clock.advance(5_000);
    await untilReceived(app, receiver, 4);
    expect(new Set(ids(receiver)).size).toBe(3);
  });

  it('that fails does not delay new events, and ends with its schedule', async () => {
    const app = await start();
    const user = await createUser(app, 'a');
    const receiver = await startReceiver();
    receiver.answer = (response, { json }) => {
      response.writeHead(json.type === 'user.created' ? 500 : 204).end();
    };
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await ask(app, REPLAY, { id, after: '0' });
    await untilRecorded(app, id, 1);
    await rename(app, user, 'b');
    await untilReceived(app, receiver, 2);
    for (let attempt = 2; attempt <= 10; attempt++) {
      app.clock.advance(24 * 3_600_000);
      await untilReceived(app, receiver, attempt + 1);
      await untilRecorded(app, id, attempt + 1);
    }
    await app.eventually('the end', async () => (await readWebhook(app, id)).replays === 0);
    expect(await readWebhook(app, id)).toMatchObject({ disabledAt: null });
  });

  it('of nothing, of too much at a time, or of no webhook is refused or does nothing', async () => {
    const app = await start();
    const { id } = await createWebhook(app, { url: 'http://127.0.0.1:9/', types });
    await updateWebhook(app, id, { enabled: false });
    expectError(await app.graphql(REPLAY, { id, after: '3', until: '3' }), 'INVALID_ARGUMENT', [
      'until',
    ]);
    expectError(await app.graphql(REPLAY, { id: '99', after: '0' }), 'NOT_FOUND');
    const none = await ask(app, REPLAY, { id, after: '999999' });
    expect(none.replayWebhook.webhook.replays).toBe(0);
    await createUser(app, 'a');
    for (let count = 0; count < 10; count++) await ask(app, REPLAY, { id, after: '0' });
    expectError(await app.graphql(REPLAY, { id, after: '0' }), 'CONFLICT');
  });
});

describe('a test', () => {
  it('sends one message and says what the receiver answered, also if the webhook is disabled', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url });
    await updateWebhook(app, id, { enabled: false });
    const { delivery } = (await ask(app, TEST, { id })).testWebhook;
    expect(delivery).toMatchObject({ ok: true, statusCode: 204, error: null, origin: 'TEST' });
    expect(delivery.messageId).toMatch(/^test_[0-9a-f]+$/);
    expect(receiver.received.map(({ json }) => json.type)).toEqual(['webhook.test']);
    receiver.answer = 401;
    const refused = (await ask(app, TEST, { id })).testWebhook.delivery;
    expect(refused).toMatchObject({
      ...{ ok: false, statusCode: 401, error: 'The receiver answered with HTTP 401.' },
    });
    expect((await readDeliveries(app, id)).map(({ id: one }) => one)).toEqual([
      ...[delivery.id, refused.id],
    ]);
    expect((await readWebhook(app, id)).failedAttempts).toBe(0);
    expectError(await app.graphql(TEST, { id: '99' }), 'NOT_FOUND');
  });
});

describe('a delivery', () => {
  it('can be repeated', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createUser(app, 'a');
    const [first] = await untilRecorded(app, id, 1);
    const { delivery } = (await ask(app, REPEAT, { id: first.id })).repeatWebhookDelivery;
    expect(delivery).toMatchObject({
      ...{ ok: true, origin: 'REPEAT', eventId: first.eventId, messageId: first.messageId },
    });
    expect(ids(receiver)).toEqual([first.messageId, first.messageId]);
    const test = (await ask(app, TEST, { id })).testWebhook.delivery;
    expectError(await app.graphql(REPEAT, { id: test.id }), 'CONFLICT');
    expectError(await app.graphql(REPEAT, { id: '9999' }), 'NOT_FOUND');
  });

  it('has a node id, and so has its webhook, for administrators', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url });
    await ask(app, TEST, { id });
    const query =
      '{ webhooks { __typename nodeId deliveries { edges { node { __typename nodeId } } } } }';
    const [{ deliveries, ...webhook }] = (await ask(app, query)).webhooks;
    const NODE = 'query ($id: ID!) { node(id: $id) { __typename nodeId } }';
    const found = [webhook, deliveries.edges[0].node];
    for (const one of found) {
      expect((await ask(app, NODE, { id: one.nodeId })).node).toEqual(one);
    }
    const { operator } = await makeStaff(app);
    for (const { nodeId } of found) {
      const variables = { id: nodeId };
      expectError(await app.graphql(NODE, variables, operator.headers), 'FORBIDDEN');
    }
  });

  it('is read in pages, from either end', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url });
    for (let count = 0; count < 3; count++) await ask(app, TEST, { id });
    const page = (args: string) =>
      ask(
        app,
        `{ webhook(id: ${id}) { deliveries(${args}) {
          totalCount edges { node { id } } pageInfo { hasNextPage endCursor }
        } } }`,
      );
    const { deliveries } = (await page('first: 2')).webhook;
    expect(deliveries).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest = (await page(`first: 2, after: "${deliveries.pageInfo.endCursor}"`)).webhook;
    expect(rest.deliveries.edges).toHaveLength(1);
    const newest = (await page('first: 1, newestFirst: true')).webhook;
    expect(newest.deliveries.edges).toEqual(rest.deliveries.edges);
  });

  it('is kept for 30 days, and only the newest 1000 of a webhook are', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const quiet = { url: receiver.url, types: ['USER_DELETED'] };
    const { id } = await createWebhook(app, quiet);
    const other = await createWebhook(app, quiet);
    await ask(app, TEST, { id: other.id });
    const { id: oldest } = (await ask(app, TEST, { id })).testWebhook.delivery;
    app.clock.advance(29 * 86_400_000);
    await app.restart({}, () => {
      const db = new Database(join(app.folder, 'wgql.db'));
      db.exec(`INSERT INTO "WebhookDelivery"
        ("webhookId", "messageId", "type", "origin", "attempt", "at", "ok", "durationMs")
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
        SELECT ${id}, 'evt_1', 'x', 'LIVE', 1, ${app.clock.wallMs()}, 1, 1 FROM n`);
      db.close();
    });
    const count = async (webhook: string) => {
      const query =
        '($id: ID!) { webhook(id: $id) { deliveries { totalCount edges { node { id } } } } }';
      const { deliveries } = (await ask(app, `query ${query}`, { id: webhook })).webhook;
      return [deliveries.totalCount, deliveries.edges[0]?.node.id];
    };
    expect(await count(id)).toEqual([1000, oldest]);
    await ask(app, TEST, { id });
    expect(await count(id)).toEqual([1000, String(Number(oldest) + 1)]);
    expect((await count(other.id))[0]).toBe(1);
    // In steps that the clock is trusted for.
    for (let day = 0; day < 2; day++) {
      app.clock.advance(20 * 3_600_000);
      await app.restart();
    }
    await app.eventually('the removal', async () => (await count(other.id))[0] === 0);
    expect((await count(id))[0]).toBe(1000);
  });
});

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  ask,
  createUser,
  createWebhook,
  ids,
  newestEventId,
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

describe('after a restart', () => {
  it('a message whose response was not recorded is sent again with the same id', async () => {
    const app = await start();
    const receiver = await startReceiver();
    receiver.answer = () => {};
    const { id } = await createWebhook(app, { url: receiver.url, types });
    const user = await createUser(app, 'a');
    await untilReceived(app, receiver, 1);
    expect(await readDeliveries(app, id)).toEqual([]);
    await app.restart({}, () => {
      receiver.answer = 204;
    });
    await rename(app, user, 'b');
    await untilReceived(app, receiver, 3);
    const [first, second, third] = ids(receiver);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('a message that is sent again later keeps its time and its attempts', async () => {
    const app = await start();
    const receiver = await startReceiver();
    receiver.answer = 500;
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createUser(app, 'a');
    await app.eventually('a record', async () => (await readDeliveries(app, id)).length > 0);
    const before = await readWebhook(app, id);
    await app.restart();
    expect(await readWebhook(app, id)).toEqual(before);
    receiver.answer = 204;
    app.clock.advance(4_999);
    await app.polled();
    expect(receiver.received).toHaveLength(1);
    app.clock.advance(1);
    await untilReceived(app, receiver, 2);
    expect((await readDeliveries(app, id)).at(-1)).toMatchObject({ attempt: 2, ok: true });
  });

  it('events that were logged meanwhile are sent', async () => {
    const app = await start();
    const receiver = await startReceiver();
    await createWebhook(app, { url: receiver.url, types: ['SESSION_STARTED'] });
    await app.restart({}, () => {
      const wg0 = app.wireguard.interface();
      wg0.shakeHands(wg0.addPeer());
    });
    await untilReceived(app, receiver, 1);
  });

  it('a time that a wrong clock has set far ahead does not delay a message', async () => {
    const app = await start();
    const receiver = await startReceiver();
    receiver.answer = 500;
    const { id } = await createWebhook(app, { url: receiver.url, types });
    app.clock.jump(400 * 86_400_000);
    await createUser(app, 'a');
    await app.eventually('a record', async () => (await readDeliveries(app, id)).length > 0);
    receiver.answer = 204;
    app.clock.jump(-400 * 86_400_000);
    await untilReceived(app, receiver, 2);
  });
});

describe('events that were deleted from the log before they were sent', () => {
  it('are a delivery that says so, and those that remain are sent', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await updateWebhook(app, id, { enabled: false });
    const user = await createUser(app, 'a');
    for (const name of ['b', 'c']) await rename(app, user, name);
    const newest = await newestEventId(app);
    await app.restart({}, () => {
      const db = new Database(join(app.folder, 'wgql.db'));
      db.prepare('DELETE FROM "Event" WHERE "id" < ?').run(newest);
      db.close();
    });
    await updateWebhook(app, id, { enabled: true });
    await untilReceived(app, receiver, 1);
    expect(ids(receiver)).toEqual([`evt_${newest}`]);
    await app.eventually('a record', async () => (await readDeliveries(app, id)).length > 1);
    const [skipped, sent] = await readDeliveries(app, id);
    expect(skipped).toMatchObject({
      ...{ type: 'webhook.skipped', origin: 'SKIPPED', ok: false, eventId: null, attempt: 0 },
      error: expect.stringContaining(`up to ${newest - 1} were deleted from the log`),
    });
    expect(sent).toMatchObject({ origin: 'LIVE', ok: true, eventId: String(newest) });
  });

  it('are only those: what is older and still in the log is sent, in order', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await updateWebhook(app, id, { enabled: false });
    const user = await createUser(app, 'a');
    for (const name of ['b', 'c', 'd']) await rename(app, user, name);
    const logged = async (): Promise<number[]> => {
      const { events } = await ask(
        app,
        '{ events(filter: { types: [USER_CREATED, USER_UPDATED] }) { edges { node { id } } } }',
      );
      return events.edges.map(({ node }: { node: { id: string } }) => Number(node.id));
    };
    const [first, second, third = 0, last] = await logged();
    await app.restart({}, () => {
      const db = new Database(join(app.folder, 'wgql.db'));
      // As it is logged by a machine whose clock is far behind.
      db.prepare('UPDATE "Event" SET "at" = "at" - 400 * 86400000 WHERE "id" = ?').run(third);
      db.close();
    });
    await app.eventually('its removal', async () => (await logged()).length === 3);
    await updateWebhook(app, id, { enabled: true });
    await untilReceived(app, receiver, 3);
    expect(ids(receiver)).toEqual([first, second, last].map((event) => `evt_${event}`));
    await app.eventually('a record', async () => (await readDeliveries(app, id)).length === 4);
    const recorded = await readDeliveries(app, id);
    expect(recorded.map(({ origin }) => origin)).toEqual(['LIVE', 'LIVE', 'SKIPPED', 'LIVE']);
    expect(recorded[2].error).toBe(
      `Events after ${third - 1} up to ${third} were deleted from the log before they could be sent.`,
    );
  });
});

describe('a webhook that is disabled', () => {
  it('receives nothing, and once it is enabled again what was logged meanwhile', async () => {
    const app = await start();
    const [receiver, other] = [await startReceiver(), await startReceiver()];
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createWebhook(app, { url: other.url, types });
    expect(await updateWebhook(app, id, { enabled: false })).toMatchObject({
      disabledAt: new Date(app.clock.wallMs()).toISOString(),
      disabledReason: 'REQUESTED',
    });
    const user = await createUser(app, 'a');
    await rename(app, user, 'b');
    await untilReceived(app, other, 2);
    expect(receiver.received).toEqual([]);
    expect((await ask(app, '{ status { disabledWebhooks } }')).status.disabledWebhooks).toBe(0);
    await updateWebhook(app, id, { enabled: true });
    await untilReceived(app, receiver, 2);
    expect(ids(receiver)).toEqual(ids(other));
  });

  it('stays so when it is changed otherwise', async () => {
    const app = await start();
    const { id } = await createWebhook(app, { url: 'http://127.0.0.1:9/' });
    await updateWebhook(app, id, { enabled: false });
    app.clock.advance(1_000);
    const before = await readWebhook(app, id);
    const { description, disabledAt } = await updateWebhook(app, id, {
      ...{ description: 'door bell', enabled: false, types: null, tags: ['a'] },
    });
    expect([description, disabledAt]).toEqual(['door bell', before.disabledAt]);
  });
});

describe('a webhook whose receiver is gone', () => {
  it('is disabled on request from then on, and no longer counted', async () => {
    const app = await start();
    const receiver = await startReceiver();
    receiver.answer = 410;
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await createUser(app, 'a');
    await app.eventually('the end', async () => (await readWebhook(app, id)).disabledAt !== null);
    const before = await readWebhook(app, id);
    expect(before.disabledReason).toBe('GONE');
    app.clock.advance(1_000);
    expect(await updateWebhook(app, id, { enabled: false })).toEqual({
      ...before,
      disabledReason: 'REQUESTED',
    });
    expect((await ask(app, '{ status { disabledWebhooks } }')).status.disabledWebhooks).toBe(0);
    const { auditLog } = await ask(
      app,
      '{ auditLog(last: 1) { edges { node { action detail } } } }',
    );
    const [{ node }] = auditLog.edges;
    expect(node.action).toBe('updateWebhook');
    expect(JSON.parse(node.detail).fields).toEqual(['enabled']);
  });
});

describe('while nothing can be recorded', () => {
  it('a message is sent again at growing intervals, which is logged once', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url, types });
    const db = new Database(join(app.folder, 'wgql.db'));
    db.exec('ALTER TABLE "WebhookDelivery" RENAME TO "Gone"');
    await createUser(app, 'a');
    await untilReceived(app, receiver, 1);
    for (const [index, seconds] of [5, 10, 20].entries()) {
      await app.polled();
      app.clock.advance(seconds * 1_000 - 1);
      await app.polled();
      expect(receiver.received).toHaveLength(index + 1);
      app.clock.advance(1);
      await untilReceived(app, receiver, index + 2);
    }
    await app.polled();
    db.exec('ALTER TABLE "Gone" RENAME TO "WebhookDelivery"');
    db.close();
    app.clock.advance(40_000);
    await app.eventually('a record', async () => (await readDeliveries(app, id)).length > 0);
    expect(new Set(ids(receiver)).size).toBe(1);
    const logged = app.log.filter((line) => line.includes('could not be read or recorded'));
    expect(logged).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/event-type.ts';
import { MESSAGE_TYPES } from '../../src/domain/webhook/types.ts';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import {
  ask,
  createUser,
  createWebhook,
  rename,
  startReceiver,
  startSending,
  untilReceived,
  verify,
} from './support.ts';

describe('a message', () => {
  it('says what happened to whom, and is verified with the secret', async () => {
    const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
    const receiver = await startReceiver();
    const types = ['USER_CREATED'];
    const { secret } = await createWebhook(app, { url: receiver.url, types });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const publicKey = newPublicKey();
    const id = await createUser(app, 'Ada', { publicKey });
    const logged = await ask(
      app,
      '{ events(filter: { types: [USER_CREATED] }) { edges { node { id } } } }',
    );
    const eventId = logged.events.edges[0].node.id;
    await untilReceived(app, receiver, 1);
    const [message] = receiver.received;
    expect(verify(app, secret, message as never)).toEqual({
      type: 'user.created',
      timestamp: new Date(app.clock.wallMs()).toISOString(),
      data: {
        ...{ id: eventId, interface: null, endpoint: null, reason: null, actor: 'local' },
        sessionId: null,
        user: { id, publicKey, nickname: 'Ada' },
      },
    });
    expect(message?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': `evt_${eventId}`,
      'webhook-timestamp': String(Math.floor(app.clock.wallMs() / 1000)),
    });
    const forged = { ...message, body: `${message?.body} ` };
    expect(() => verify(app, secret, forged as never)).toThrow('No matching signature');
  });

  it('of a session has its endpoint, its id and the client address', async () => {
    const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
    const receiver = await startReceiver();
    await createWebhook(app, { url: receiver.url, types: ['SESSION_STARTED'] });
    const wg0 = app.wireguard.interface();
    wg0.shakeHands(wg0.addPeer());
    await untilReceived(app, receiver, 1);
    expect(receiver.received[0]?.json).toMatchObject({
      type: 'session.started',
      data: { endpoint: expect.stringMatching(/:\d+$/), sessionId: '1' },
    });
  });

  it('of a deleted user has only its id', async () => {
    const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
    const id = await createUser(app, 'Ada');
    const receiver = await startReceiver();
    await createWebhook(app, { url: receiver.url, types: ['USER_DELETED'] });
    const deletion = 'mutation ($id: ID!) { deleteUser(id: $id) { deletedId } }';
    await app.whilePolling(ask(app, deletion, { id }));
    await untilReceived(app, receiver, 1);
    const user = { id, publicKey: null, nickname: null };
    expect(receiver.received[0]?.json).toMatchObject({ type: 'user.deleted', data: { user } });
  });

  it('has less than 20 kB, also with the longest values', async () => {
    const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
    const receiver = await startReceiver();
    await createWebhook(app, { url: receiver.url, types: ['USER_CREATED'] });
    await createUser(app, '"'.repeat(256));
    await untilReceived(app, receiver, 1);
    expect(receiver.received[0]?.body.length).toBeLessThan(20_000);
  });

  it('has a type of its own for every type of event', () => {
    expect(Object.keys(MESSAGE_TYPES).sort()).toEqual([...EVENT_TYPES].sort());
    const names = Object.values(MESSAGE_TYPES);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z_]+\.[a-z_]+$/);
  });
});

describe('a webhook', () => {
  it('receives what happens after its creation, in order', async () => {
    const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
    const id = await createUser(app, 'before');
    const receiver = await startReceiver();
    await createWebhook(app, { url: receiver.url, types: ['USER_UPDATED'] });
    for (const name of ['a', 'b', 'c', 'd']) await rename(app, id, name);
    await untilReceived(app, receiver, 4);
    const events = receiver.received.map(({ json }) => Number(json.data.id));
    expect(events).toEqual(events.toSorted((a, b) => a - b));
    expect(receiver.received.map(({ json }) => json.type)).toEqual(
      new Array(4).fill('user.updated'),
    );
  });

  it('receives only the types of events that it names', async () => {
    const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
    const [all, some] = [await startReceiver(), await startReceiver()];
    await createWebhook(app, { url: all.url, types: ['USER_CREATED', 'USER_UPDATED'] });
    await createWebhook(app, { url: some.url, types: ['USER_UPDATED'] });
    const id = await createUser(app, 'a');
    await rename(app, id, 'b');
    await createUser(app, 'c');
    await untilReceived(app, all, 3);
    await untilReceived(app, some, 1);
    expect(some.received[0]?.json.type).toBe('user.updated');
  });

  it('receives only events of the users that it names, and of those with one of its tags', async () => {
    const app = await startSending({ prepare: (wireguard) => void wireguard.interface() });
    const ada = await createUser(app, 'ada');
    const [all, byId, byTag, byEither] = [
      await startReceiver(),
      await startReceiver(),
      await startReceiver(),
      await startReceiver(),
    ];
    const types = ['USER_CREATED', 'USER_UPDATED'];
    await createWebhook(app, { url: all.url, types });
    await createWebhook(app, { url: byId.url, types, userIds: [ada] });
    await createWebhook(app, { url: byTag.url, types, tags: ['STAFF'] });
    await createWebhook(app, { url: byEither.url, types, userIds: [ada], tags: ['staff'] });
    const bob = await createUser(app, 'bob', { tags: ['Staff', 'paris'] });
    const eve = await createUser(app, 'eve', { tags: ['guests'] });
    for (const id of [ada, bob, eve]) await rename(app, id, `${id}!`);
    await untilReceived(app, all, 5);
    await untilReceived(app, byId, 1);
    await untilReceived(app, byTag, 2);
    await untilReceived(app, byEither, 3);
    const usersOf = ({ received }: typeof all) => received.map(({ json }) => json.data.user.id);
    expect([byId, byTag, byEither].map(usersOf)).toEqual([[ada], [bob, bob], [bob, ada, bob]]);
  });
});

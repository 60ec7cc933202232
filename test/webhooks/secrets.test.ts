import { describe, expect, it } from 'vitest';
import { keepLog, takeLeaks } from '../fixtures/leak-detector.ts';
import { expectError } from '../graphql/support.ts';
import {
  ask,
  createUser,
  createWebhook,
  readDeliveries,
  readWebhook,
  startReceiver,
  startSending,
  untilReceived,
  updateWebhook,
  verify,
} from './support.ts';

const types = ['USER_CREATED'];
const start = () => startSending({ prepare: (wireguard) => void wireguard.interface() });
const ROTATE = `mutation ($id: ID!) {
  rotateWebhookSecret(id: $id) { webhook { id previousSecretUntil } secret }
}`;

describe('the secret of a webhook', () => {
  it('is replaced by a rotation, and for a day the former one also verifies', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id, secret: former } = await createWebhook(app, { url: receiver.url, types });
    const { secret, webhook } = (await ask(app, ROTATE, { id })).rotateWebhookSecret;
    expect(secret).not.toBe(former);
    const day = 86_400_000;
    const until = new Date(app.clock.wallMs() + day).toISOString();
    expect(webhook.previousSecretUntil).toBe(until);
    app.clock.advance(day - 1);
    await createUser(app, 'a');
    await untilReceived(app, receiver, 1);
    const during = receiver.received[0] as never;
    for (const one of [former, secret]) expect(verify(app, one, during)).toBeDefined();
    app.clock.advance(1);
    await createUser(app, 'b');
    await untilReceived(app, receiver, 2);
    const after = receiver.received[1] as never;
    expect(verify(app, secret, after)).toBeDefined();
    expect(() => verify(app, former, after)).toThrow('No matching signature');
  });

  it('is shown once and is in no other answer, message, log line or file', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id, secret } = await createWebhook(app, { url: receiver.url, types });
    const rotated = (await ask(app, ROTATE, { id })).rotateWebhookSecret.secret;
    expectError(await app.graphql(`{ webhooks { secret } }`), 'INVALID_ARGUMENT');
    await readWebhook(app, id);
    await createUser(app, 'a');
    await untilReceived(app, receiver, 1);
    await readDeliveries(app, id);
    await ask(app, '{ auditLog { edges { node { detail } } } }');
    await app.restart();
    expect(takeLeaks()).toEqual([]);
    // Both were noticed.
    keepLog(`${secret} ${rotated}`);
    expect(takeLeaks()).toHaveLength(2);
  });

  it('that cannot be decrypted is an error of the delivery', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id } = await createWebhook(app, { url: receiver.url, types });
    await app.restart({ WGQL_SECRET_KEY_FILE: `${app.folder}/other.key` });
    await createUser(app, 'a');
    await app.eventually('a record', async () => (await readDeliveries(app, id)).length > 0);
    expect((await readDeliveries(app, id))[0].error).toContain('cannot be decrypted');
    expect(receiver.received).toEqual([]);
  });
});

describe('the audit log', () => {
  it('has every change of a webhook, without what its URL may hide', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const url = `${receiver.url}/bot123:SECRETPATH?token=SECRETQUERY`;
    const { id } = await createWebhook(app, { url, types });
    receiver.answer = 500;
    await createUser(app, 'a');
    await app.eventually('a record', async () => (await readDeliveries(app, id)).length > 0);
    receiver.answer = 204;
    await updateWebhook(app, id, { description: 'x', enabled: false });
    await updateWebhook(app, id, { url: `${receiver.url}/other:SECRETPATH` });
    await ask(app, ROTATE, { id });
    await ask(app, 'mutation ($id: ID!) { testWebhook(id: $id) { delivery { ok } } }', { id });
    const replay =
      'mutation ($id: ID!) { replayWebhook(id: $id, after: 0, until: 2) { webhook { id } } }';
    await ask(app, replay, { id });
    const [first] = await readDeliveries(app, id);
    const repeat = 'mutation ($id: ID!) { repeatWebhookDelivery(id: $id) { delivery { ok } } }';
    await ask(app, repeat, { id: first.id });
    const { deleteWebhook } = await ask(
      app,
      'mutation ($id: ID!) { deleteWebhook(id: $id) { deletedId } }',
      { id },
    );
    expect(deleteWebhook.deletedId).toBe(id);
    const { auditLog } = await ask(
      app,
      '{ auditLog { edges { node { actor action detail userId } } } }',
    );
    const receiverOrigin = new URL(receiver.url).origin;
    const entry = (action: string, more: object = {}) => ({
      ...{ actor: 'local', action, userId: null },
      detail: JSON.stringify({ webhook: Number(id), receiver: receiverOrigin, ...more }),
    });
    const nodes = auditLog.edges.map(({ node }: { node: { action: string } }) => node);
    expect(nodes.filter(({ action }: { action: string }) => /Webhook/.test(action))).toEqual([
      entry('createWebhook'),
      entry('updateWebhook', { fields: ['description', 'enabled'] }),
      entry('updateWebhook', { fields: ['url'], newReceiver: receiverOrigin }),
      entry('rotateWebhookSecret'),
      entry('testWebhook'),
      entry('replayWebhook', { after: 0, until: 2 }),
      entry('repeatWebhookDelivery', { event: Number(first.eventId) }),
      entry('deleteWebhook'),
    ]);
    expect(app.log.join('\n')).toContain('does not accept a message');
    expect(app.log.join('\n')).not.toMatch(/SECRET(PATH|QUERY)/);
    expect((await ask(app, '{ webhooks { id } }')).webhooks).toEqual([]);
  });
});

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, vi } from 'vitest';
import { newPublicKey } from '../fixtures/fake-interface.ts';
import { keepAnswer } from '../fixtures/leak-detector.ts';
import { startTestApp, type TestApp, type TestAppOptions } from '../fixtures/test-app.ts';

/** A request as a receiver got it. */
export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every form
  readonly json: any;
}

type Answer = number | ((response: ServerResponse, received: Received) => void);

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** What it answers from now on: a status, or whatever the function does. */
  answer: Answer;
}

/** A receiver on the loopback address, which answers with 204 at first. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const { headers } = request;
    const isJson = headers['content-type']?.includes('json') ?? false;
    const json = isJson ? JSON.parse(body) : null;
    const one = { id: String(headers['webhook-id']), headers, body, json };
    received.push(one);
    // No secret may be in a message.
    keepAnswer(`${JSON.stringify(headers)}\n${body}`);
    if (typeof receiver.answer === 'number') response.writeHead(receiver.answer).end('ignored');
    else receiver.answer(response, one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = { url: `http://127.0.0.1:${port}/hook`, received, answer: 204 };
  return receiver;
}

export const ids = ({ received }: Pick<Receiver, 'received'>) => received.map(({ id }) => id);

/** Starts the program with receivers on this machine permitted. */
export function startSending(options: TestAppOptions = {}): Promise<TestApp> {
  return startTestApp({
    ...options,
    env: { WGQL_WEBHOOK_ALLOW_PRIVATE: 'all', ...options.env },
    webhooks: { random: () => 0.5, ...options.webhooks },
  });
}

export const WEBHOOK_FIELDS = `id url types userIds tags template contentType description
  disabledAt disabledReason cursor failedAttempts nextAttemptAt failingSince replays
  previousSecretUntil createdBy`;

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
type Data = any;

export async function ask(
  app: TestApp,
  document: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const { data, errors } = await app.graphql(document, variables);
  expect(errors, document).toBeUndefined();
  return data;
}

export interface Made {
  readonly id: string;
  readonly secret: string;
}

export async function createWebhook(app: TestApp, input: Record<string, unknown>): Promise<Made> {
  const { createWebhook: made } = await ask(
    app,
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } secret } }',
    { input },
  );
  return { id: made.webhook.id, secret: made.secret };
}

export async function updateWebhook(app: TestApp, id: string, input: Record<string, unknown>) {
  const data = await ask(
    app,
    `mutation ($id: ID!, $input: UpdateWebhookInput!) {
      updateWebhook(id: $id, input: $input) { webhook { ${WEBHOOK_FIELDS} } }
    }`,
    { id, input },
  );
  return data.updateWebhook.webhook;
}

export async function readWebhook(app: TestApp, id: string): Promise<Data> {
  return (await ask(app, `query ($id: ID!) { webhook(id: $id) { ${WEBHOOK_FIELDS} } }`, { id }))
    .webhook;
}

export async function readDeliveries(app: TestApp, id: string): Promise<Data[]> {
  const { webhook } = await ask(
    app,
    `query ($id: ID!) { webhook(id: $id) { deliveries(first: 100) { totalCount edges { node {
      id eventId messageId type origin attempt at ok statusCode error durationMs
    } } } } }`,
    { id },
  );
  return webhook.deliveries.edges.map(({ node }: { node: unknown }) => node);
}

/** Creates a user, which is an event. Returns the id of the user. */
export async function createUser(
  app: TestApp,
  nickname: string,
  more: object = {},
): Promise<string> {
  const { createUser: made } = await ask(
    app,
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
    { input: { publicKey: newPublicKey(), nickname, ...more } },
  );
  return made.user.id;
}

/** Renames a user, which is an event. */
export const rename = (app: TestApp, id: string, nickname: string) =>
  ask(
    app,
    'mutation ($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { user { id } } }',
    { id, input: { nickname } },
  );

/** The id of the newest event. */
export async function newestEventId(app: TestApp): Promise<number> {
  return Number((await ask(app, '{ status { lastEventId } }')).status.lastEventId);
}

/** Lets polls follow one another until the receiver has this many messages. */
export async function untilReceived(app: TestApp, receiver: Receiver, count: number) {
  await app.eventually(`${count} messages`, async () => receiver.received.length >= count);
  expect(receiver.received).toHaveLength(count);
}

/** Verifies a message as receivers do, at the time of the program's clock. */
export function verify(app: TestApp, secret: string, { body, headers }: Received): unknown {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const sent = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  const clock = vi.spyOn(Date, 'now').mockReturnValue(app.clock.wallMs());
  try {
    return new Webhook(secret).verify(body, sent);
  } finally {
    clock.mockRestore();
  }
}

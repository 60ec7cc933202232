import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/event-type.ts';
import { PLACEHOLDERS } from '../../src/domain/webhook/template.ts';
import { MESSAGE_TYPES } from '../../src/domain/webhook/types.ts';
import { commandsOf } from '../cli/support.ts';
import { type Block, blocksOf, ROOT, readPage } from '../docs/support.ts';
import { expectError } from '../graphql/support.ts';
import {
  ask,
  createUser,
  createWebhook,
  type Received,
  startReceiver,
  startSending,
  untilReceived,
  updateWebhook,
} from './support.ts';

const page = await readPage('docs/WEBHOOKS.md');
const blocks = blocksOf(page);
const under = (heading: string) => blocks.filter((block) => block.heading === heading);

const start = () => startSending({ prepare: (wireguard) => void wireguard.interface() });

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wgql-webhook-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** What a template of the page makes of the creation of a user, created as the page says. */
async function sentBy(heading: string, nickname: string): Promise<Received> {
  const app = await start();
  const receiver = await startReceiver();
  const wgql = await commandsOf(app);
  const [template, command] = under(heading) as [Block, Block];
  const words = [...command.code.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare,
  );
  const [, ...args] = words as string[];
  const file = join(await temporaryFolder(), args.at(-1) as string);
  await writeFile(file, template.code);
  const url = args.findIndex((word) => word.startsWith('https://'));
  const changed = args.with(url, receiver.url).with(-1, file);
  const { code, stderr } = await wgql(...changed, '--types', 'user.created');
  expect(code, stderr).toBe(0);
  await createUser(app, nickname);
  await untilReceived(app, receiver, 1);
  return receiver.received[0] as Received;
}

/** Values that would end a string, a line or a form if they were not escaped. */
const NAME = 'Zoë "\\ & =';

describe('the template in WEBHOOKS.md', () => {
  it('for Telegram makes a JSON object with the chat and the text', async () => {
    const { body, headers } = await sentBy('Telegram', NAME);
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      chat_id: '-1001234567890',
      text: `user.created ${NAME}  `,
    });
  });

  it('for ntfy makes a line of text', async () => {
    const { body, headers } = await sentBy('ntfy', NAME);
    expect([headers['content-type'], body]).toEqual(['text/plain', `user.created: ${NAME} `]);
  });

  it('for Slack makes a JSON object with the text', async () => {
    const { json } = await sentBy('Slack', NAME);
    expect(json).toEqual({ text: `*user.created* ${NAME} (1) ` });
  });

  it('for plain text makes a line with the fields', async () => {
    const { body, headers } = await sentBy('Plain text', NAME);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(body).toMatch(
      /^2026-01-15T12:00:00\.000Z user\.created user=1 interface= endpoint= event=\d+$/,
    );
  });
});

describe('a template', () => {
  it('escapes values for a form', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const contentType = 'application/x-www-form-urlencoded';
    const template = 'text={{data.user.nickname}}&type={{ type }}';
    await createWebhook(app, { url: receiver.url, types: ['USER_CREATED'], template, contentType });
    await createUser(app, NAME);
    await untilReceived(app, receiver, 1);
    const fields = new URLSearchParams(receiver.received[0]?.body);
    expect([...fields]).toEqual([
      ['text', NAME],
      ['type', 'user.created'],
    ]);
  });

  it.each([
    [{ template: '{{data.user.mail}}', contentType: 'text/plain' }, 'only these placeholders'],
    [{ template: '{{constructor}}', contentType: 'text/plain' }, 'only these placeholders'],
    [{ template: '{"a": {{type}}}' }, 'must be valid JSON'],
    [{ template: '{"a": "{{type}}"' }, 'must be valid JSON'],
    [{ contentType: 'text/plain' }, 'needs a template'],
    [{ template: JSON.stringify('{{data.user.nickname}}'.repeat(170)) }, '20 kB'],
    [{ template: '{{data.reason}}'.repeat(10), contentType: 'text/plain' }, '20 kB'],
    [{ template: 'x'.repeat(4_001), contentType: 'text/plain' }, 'at most 4000'],
  ])('is refused if it makes no message: %j', async (input, why) => {
    const app = await start();
    const create =
      'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }';
    const answer = await app.graphql(create, { input: { url: 'http://127.0.0.1:9/', ...input } });
    expect(expectError(answer, 'INVALID_ARGUMENT', ['template']).message).toContain(why);
  });

  it('and its content type are checked together when one of them changes', async () => {
    const app = await start();
    const given = { template: '{{type}}', contentType: 'text/plain' };
    const { id } = await createWebhook(app, { url: 'http://127.0.0.1:9/', ...given });
    const update =
      'mutation ($id: ID!, $input: UpdateWebhookInput!) { updateWebhook(id: $id, input: $input) { webhook { id } } }';
    for (const input of [{ template: null }, { contentType: null }]) {
      expectError(await app.graphql(update, { id, input }), 'INVALID_ARGUMENT', ['template']);
    }
    const changed = await updateWebhook(app, id, { template: null, contentType: null });
    expect(changed).toMatchObject({ template: null, contentType: 'application/json' });
  });
});

describe('WEBHOOKS.md', () => {
  it('names every type and every placeholder', () => {
    for (const type of EVENT_TYPES) {
      expect(page).toContain(`\`${type}\``);
      expect(page).toContain(`\`${MESSAGE_TYPES[type]}\``);
    }
    for (const path of PLACEHOLDERS) expect(page).toContain(`\`{{${path}}}\``);
  });

  it('shows the fields of a message', async () => {
    const app = await start();
    const receiver = await startReceiver();
    await createWebhook(app, { url: receiver.url, types: ['USER_CREATED'] });
    await createUser(app, 'Ada');
    await untilReceived(app, receiver, 1);
    const shown = JSON.parse(under('Messages')[0]?.code ?? '');
    const sent = receiver.received[0]?.json;
    expect(Object.keys(sent)).toEqual(Object.keys(shown));
    expect(Object.keys(sent.data)).toEqual(Object.keys(shown.data));
    expect(Object.keys(sent.data.user)).toEqual(Object.keys(shown.data.user));
  });

  it('verifies a message in JavaScript and by hand as it says', async () => {
    const app = await start();
    const receiver = await startReceiver();
    const { id, secret } = await createWebhook(app, { url: receiver.url });
    await ask(app, 'mutation ($id: ID!) { testWebhook(id: $id) { delivery { ok } } }', { id });
    const [{ body, headers }] = receiver.received as [Received];
    const of = (language: string) =>
      under('Verify messages').find((block) => block.language === language)?.code ?? '';
    const folder = await mkdtemp(join(ROOT, 'test/webhooks/.example-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'verify.mjs'), of('js'));
    const { messageIn } = await import(join(folder, 'verify.mjs'));
    vi.spyOn(Date, 'now').mockReturnValue(app.clock.wallMs());
    const message = messageIn(body, headers, secret);
    vi.restoreAllMocks();
    expect(message.type).toBe('webhook.test');
    await writeFile(join(folder, 'body.json'), body);
    const env = {
      ...{ PATH: process.env.PATH, SECRET: secret },
      ...{ ID: String(headers['webhook-id']), TIMESTAMP: String(headers['webhook-timestamp']) },
    };
    const script = await promisify(execFile)('sh', ['-c', of('sh')], { cwd: folder, env });
    expect(`v1,${script.stdout.trim()}`).toBe(headers['webhook-signature']);
  });
});

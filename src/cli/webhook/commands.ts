import { AppError, type Text } from '../../domain/errors.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import { apiFor, asksServer } from '../api/with-api.ts';
import type { BilingualCommand } from '../bilingual-command.ts';
import type { Call, Run } from '../run.ts';
import type { Answer } from '../shell.ts';
import { UsageError } from '../usage-error.ts';
import { inputIn, Mistake, type WebhookOptions, withWebhookOptions } from './options.ts';
import {
  DELIVERY_FIELDS,
  linesOfDeliveries,
  linesOfWebhooks,
  type ShownDelivery,
  type ShownWebhook,
  WEBHOOK_FIELDS,
} from './webhook.ts';

const calendarIn = ({ shell }: Call) => calendarOf(shell.config.timeZone);

/** Adds the commands on webhooks, which ask a running server. */
export function addWebhookCommands(program: BilingualCommand, run: Run): void {
  const webhook = program.has('webhook', {
    en: 'send the events of a running server to other programs over HTTP',
    zh: '通过 HTTP 将运行中服务器的事件发送给其他程序',
  });
  const one = (name: string, en: string, zh: string) =>
    asksServer(webhook.has(name, { en, zh })).takes('<id>', {
      en: 'the id of the webhook',
      zh: 'Webhook 的 ID',
    });
  const list = asksServer(webhook.has('list', { en: 'list the webhooks', zh: '列出 Webhook' }));
  run(list, async (call) => {
    const { webhooks } = await apiFor(call).ask<{ webhooks: ShownWebhook[] }>(
      `{ webhooks { ${WEBHOOK_FIELDS} } }`,
    );
    return { json: webhooks, lines: linesOfWebhooks(webhooks, calendarIn(call)) };
  });
  addCreate(webhook, run);
  addUpdate(
    one('update', 'change a webhook; other fields stay', '修改 Webhook；其他字段不变'),
    run,
  );
  run(one('delete', 'delete a webhook with its deliveries', '删除 Webhook 及其投递记录'), (call) =>
    deleteWebhook(call),
  );
  run(one('test', 'send a test message', '发送测试消息'), (call) =>
    sent(call, 'testWebhook', call.words[0] ?? ''),
  );
  run(
    one(
      'rotate-secret',
      'replace the secret and print the new one only this once',
      '更换密钥并显示一次',
    ),
    (call) => rotate(call),
  );
  addReplay(one('replay', 'send logged events again', '重新发送已记录的事件'), run);
  addDeliveries(one('deliveries', 'list the newest deliveries', '列出最新的投递记录'), run);
  const repeat = webhook.has('repeat', {
    en: 'send the event of a delivery once more',
    zh: '再次发送某条投递记录的事件',
  });
  asksServer(repeat).takes('<delivery>', { en: 'the id of the delivery', zh: '投递记录的 ID' });
  run(repeat, (call) => sent(call, 'repeatWebhookDelivery', call.words[0] ?? ''));
}

interface WithSecret {
  readonly webhook: ShownWebhook;
  readonly secret: string;
}

function addCreate(webhook: BilingualCommand, run: Run): void {
  const create = asksServer(
    webhook.has('create', {
      en: 'create a webhook and print its secret only this once',
      zh: '创建 Webhook 并显示一次密钥',
    }),
  ).takes('<receiver>', {
    en: 'the URL that messages are sent to',
    zh: '接收消息的 URL',
  });
  run(withWebhookOptions(create), async (call) => {
    const input = { ...fieldsIn(call, create), url: call.words[0] };
    const { createWebhook: made } = await apiFor(call).ask<{ createWebhook: WithSecret }>(
      `mutation ($input: CreateWebhookInput!) {
        createWebhook(input: $input) { webhook { ${WEBHOOK_FIELDS} } secret }
      }`,
      { input },
    );
    return withSecret(made, {
      en: `Created webhook ${made.webhook.id}. Its secret, printed only now, is for the receiver.`,
      zh: `已创建 Webhook ${made.webhook.id}。密钥仅此一次显示，请交给接收方。`,
    });
  });
}

function addUpdate(update: BilingualCommand, run: Run): void {
  withWebhookOptions(update)
    .with('--receiver <url>', { en: 'the new URL', zh: '新的 URL' })
    .with('--enable', {
      en: 'send again, from where it stopped',
      zh: '重新启用，从停止处继续发送',
    })
    .with('--disable', { en: 'send nothing', zh: '停用' });
  run(update, async (call) => {
    const { receiver } = call.options as { readonly receiver?: string };
    const input = { ...fieldsIn(call, update), ...(receiver !== undefined && { url: receiver }) };
    if (Object.keys(input).length === 0) throw new UsageError(NOTHING, update.helpInformation());
    const { updateWebhook } = await apiFor(call).ask<{ updateWebhook: { webhook: ShownWebhook } }>(
      `mutation ($id: ID!, $input: UpdateWebhookInput!) {
        updateWebhook(id: $id, input: $input) { webhook { ${WEBHOOK_FIELDS} } }
      }`,
      { id: call.words[0], input },
    );
    return shown(updateWebhook.webhook, call);
  });
}

function addReplay(replay: BilingualCommand, run: Run): void {
  replay
    .with('--after <event>', {
      en: 'the events after the one with this id; 0 begins with the oldest',
      zh: '此 ID 之后的事件；0 表示从最早的开始',
    })
    .with('--until <event>', {
      en: 'the id of the last event; without it the newest',
      zh: '最后一个事件的 ID；缺省为最新的',
    });
  run(replay, async (call) => {
    const { after, until } = call.options as { readonly after?: string; readonly until?: string };
    if (after === undefined) throw new UsageError(NO_AFTER, replay.helpInformation());
    const { replayWebhook } = await apiFor(call).ask<{ replayWebhook: { webhook: ShownWebhook } }>(
      `mutation ($id: ID!, $after: ID!, $until: ID) {
        replayWebhook(id: $id, after: $after, until: $until) { webhook { ${WEBHOOK_FIELDS} } }
      }`,
      { id: call.words[0], after, until },
    );
    return shown(replayWebhook.webhook, call);
  });
}

function addDeliveries(deliveries: BilingualCommand, run: Run): void {
  run(deliveries, async (call) => {
    const { webhook } = await apiFor(call).ask<{
      webhook: { deliveries: { edges: { node: ShownDelivery }[] } } | null;
    }>(
      `query ($id: ID!) {
        webhook(id: $id) { deliveries(last: 100) { edges { node { ${DELIVERY_FIELDS} } } } }
      }`,
      { id: call.words[0] },
    );
    if (webhook === null) throw new AppError('NOT_FOUND', NO_WEBHOOK);
    const found = webhook.deliveries.edges.map(({ node }) => node);
    return { json: found, lines: linesOfDeliveries(found, calendarIn(call)) };
  });
}

/** The fields that the options of a command set. */
function fieldsIn(call: Call, command: BilingualCommand): object {
  try {
    return inputIn(call.options as WebhookOptions);
  } catch (error) {
    throw error instanceof Mistake ? new UsageError(error.text, command.helpInformation()) : error;
  }
}

async function deleteWebhook(call: Call): Promise<Answer> {
  const [id = ''] = call.words;
  await apiFor(call).ask('mutation ($id: ID!) { deleteWebhook(id: $id) { deletedId } }', { id });
  return {
    json: { deletedId: id },
    note: { en: `Deleted webhook ${id}.`, zh: `已删除 Webhook ${id}。` },
  };
}

async function rotate(call: Call): Promise<Answer> {
  const [id = ''] = call.words;
  const { rotateWebhookSecret } = await apiFor(call).ask<{ rotateWebhookSecret: WithSecret }>(
    `mutation ($id: ID!) { rotateWebhookSecret(id: $id) { webhook { ${WEBHOOK_FIELDS} } secret } }`,
    { id },
  );
  return withSecret(rotateWebhookSecret, {
    en: 'The new secret is printed only now. For 24 hours, messages are also signed with the former one.',
    zh: '新密钥仅此一次显示。24 小时内，消息同时用旧密钥签名。',
  });
}

/** Sends one message; the exit code says whether it was accepted. */
async function sent(call: Call, mutation: string, id: string): Promise<Answer> {
  const data = await apiFor(call).ask<Record<string, { delivery: ShownDelivery }>>(
    `mutation ($id: ID!) { ${mutation}(id: $id) { delivery { ${DELIVERY_FIELDS} } } }`,
    { id },
  );
  const { delivery } = data[mutation] as { delivery: ShownDelivery };
  return {
    json: delivery,
    lines: linesOfDeliveries([delivery], calendarIn(call)),
    isGood: delivery.ok,
  };
}

function withSecret({ webhook, secret }: WithSecret, note: Text): Answer {
  return { json: { webhook, secret }, lines: [secret], note };
}

function shown(webhook: ShownWebhook, call: Call): Answer {
  return { json: webhook, lines: linesOfWebhooks([webhook], calendarIn(call)) };
}

const NOTHING: Text = {
  en: 'Specify what to change, such as --types or --disable.',
  zh: '请指定要修改的内容，例如 --types 或 --disable。',
};

const NO_WEBHOOK: Text = {
  en: 'There is no webhook with this id; "wgql webhook list" shows all ids.',
  zh: '没有该 ID 的 Webhook；"wgql webhook list" 会列出所有 ID。',
};

const NO_AFTER: Text = {
  en: 'Specify --after with the id of an event, or 0 for all.',
  zh: '请用 --after 指定事件 ID，或用 0 表示全部。',
};

import { readFileSync } from 'node:fs';
import type { Text } from '../../domain/errors.ts';
import { EVENT_TYPES, type EventType } from '../../domain/event-type.ts';
import { quoted } from '../../domain/secret-like.ts';
import { MESSAGE_TYPES } from '../../domain/webhook/types.ts';
import type { BilingualCommand } from '../bilingual-command.ts';

/** What the commands set of a webhook. */
export interface WebhookOptions {
  readonly types?: string;
  readonly users?: string;
  readonly tags?: string;
  readonly description?: string;
  readonly template?: string;
  readonly contentType?: string;
  readonly enable?: boolean;
  readonly disable?: boolean;
}

/** Gives a command the options that `inputIn` reads. */
export function withWebhookOptions(command: BilingualCommand): BilingualCommand {
  return command
    .with('--types <types>', {
      en: 'the types of events, such as session.started,quota.exceeded, or all',
      zh: '事件类型，例如 session.started,quota.exceeded，或 all',
    })
    .with('--users <ids>', {
      en: 'only events of the users with these ids, such as 3,17, or all',
      zh: '仅这些 ID 的用户的事件，例如 3,17，或 all',
    })
    .with('--tags <tags>', {
      en: 'only events of users with one of these tags, such as staff,guests, or all',
      zh: '仅带有其中一个标签的用户的事件，例如 staff,guests，或 all',
    })
    .with('--description <text>', { en: 'what it is for', zh: '用途说明' })
    .with('--template <file>', {
      en: 'a file with the body of messages, or standard',
      zh: '包含消息正文模板的文件，或 standard',
    })
    .with('--content-type <type>', {
      en: 'the media type of the body, such as text/plain; charset=utf-8',
      zh: '正文的媒体类型，例如 text/plain; charset=utf-8',
    });
}

/** A mistake in an option. */
export class Mistake extends Error {
  override readonly name = 'Mistake';

  constructor(readonly text: Text) {
    super(text.en);
  }
}

type Given = Omit<WebhookOptions, 'enable' | 'disable'>;

/** The field that each option sets, and its value. Throws a `Mistake`. */
const FIELDS: { readonly [Option in keyof Given]-?: [string, (given: string) => unknown] } = {
  types: ['types', (list) => (list === 'all' ? null : itemsOf('--types', list).map(typeOf))],
  users: ['userIds', (list) => (list === 'all' ? [] : itemsOf('--users', list))],
  tags: ['tags', (list) => (list === 'all' ? [] : itemsOf('--tags', list))],
  description: ['description', (text) => text],
  template: ['template', templateIn],
  contentType: ['contentType', (type) => type],
};

/** The fields that the options set. Throws a `Mistake`. */
export function inputIn({ enable, disable, ...options }: WebhookOptions): object {
  if (enable && disable) throw new Mistake(BOTH);
  const input: Record<string, unknown> = {};
  for (const [option, [field, read]] of Object.entries(FIELDS)) {
    const given = options[option as keyof Given];
    if (given !== undefined) input[field] = read(given);
  }
  return { ...input, ...((enable || disable) && { enabled: enable === true }) };
}

/** An empty list may come from a variable that is not set, so it does not mean all. */
function itemsOf(option: string, list: string): string[] {
  const items = list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new Mistake(emptyList(option));
  return items;
}

/** The type of event with this name, or with this type of message. */
function typeOf(name: string): EventType {
  const found = EVENT_TYPES.find((type) => type === name || MESSAGE_TYPES[type] === name);
  if (found === undefined) throw new Mistake(unknownType(name));
  return found;
}

/** The contents of the file without the end of its last line. */
function templateIn(file: string): string | null {
  if (file === 'standard') return null;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    throw new Mistake({
      en: `The template ${quoted(file)} cannot be read.`,
      zh: `无法读取模板 ${quoted(file)}。`,
    });
  }
}

const BOTH: Text = {
  en: 'Specify only one of --enable and --disable.',
  zh: '--enable 和 --disable 只能指定一个。',
};

function emptyList(option: string): Text {
  return {
    en: `The list of ${option} is empty; name what to send, or all.`,
    zh: `${option} 的列表为空；请指定要发送的内容，或用 all 表示全部。`,
  };
}

function unknownType(name: string): Text {
  return {
    en: `${quoted(name)} is not a type of event; the types are ${Object.values(MESSAGE_TYPES).join(', ')}.`,
    zh: `${quoted(name)} 不是事件类型；可用类型：${Object.values(MESSAGE_TYPES).join('、')}。`,
  };
}

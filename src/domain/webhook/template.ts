import type { Text } from '../errors.ts';
import { MAX_MESSAGE_BYTES, MAX_REASON_LENGTH, type Message, messageOf } from './message.ts';

/** How the body of a message is written. */
export interface BodyForm {
  /** null means the standard message in JSON. */
  readonly template: string | null;
  readonly contentType: string;
}

export const MAX_TEMPLATE_LENGTH = 4_000;

/** The standard form. */
export const JSON_TYPE = 'application/json';

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

const CONTENT_TYPE = /^[a-z0-9.+-]+\/[a-z0-9.+-]+(?:; charset=utf-8)?$/;

export function isContentType(text: string): boolean {
  return text.length <= 100 && CONTENT_TYPE.test(text);
}

/** A message in which no value is missing, and each text has at most this many of these characters. */
function sampleOf(character: string, maxLength: number): Message {
  const text = (length: number) => character.repeat(Math.min(length, maxLength));
  const id = Number.MAX_SAFE_INTEGER;
  return messageOf(
    {
      ...{ id, type: 'INTERFACE_RELOADED', at: new Date(0), userId: id, sessionId: id },
      ...{ interface: text(15), endpoint: text(64), reason: text(MAX_REASON_LENGTH) },
      actor: text(64),
    },
    { id, publicKey: text(44), nickname: text(256) },
  );
}

/** The quotation mark shows whether values are escaped. */
const SAMPLE = sampleOf('"', 1);

/** No character is longer than the first in JSON, and than the second in UTF-8 and in forms. */
const LONGEST = ['\u0001', '\u4e00'].map((character) =>
  sampleOf(character, Number.POSITIVE_INFINITY),
);

/** The placeholders that a template may contain. */
export const PLACEHOLDERS: readonly string[] = pathsIn(SAMPLE);

function pathsIn(value: object, before = ''): string[] {
  return Object.entries(value).flatMap(([name, part]) =>
    typeof part === 'object' ? pathsIn(part, `${before}${name}.`) : [`${before}${name}`],
  );
}

/** Writes the body of a message. A value that is missing is empty. */
export function bodyOf(message: Message, { template, contentType }: BodyForm): string {
  if (template === null) return JSON.stringify(message);
  const escaped = escapeFor(contentType);
  return template.replaceAll(PLACEHOLDER, (_, path: string) => escaped(valueAt(message, path)));
}

function valueAt(message: Message, path: string): string {
  let value: unknown = message;
  for (const name of path.split('.')) {
    value = (value as Readonly<Record<string, unknown>> | null)?.[name];
  }
  return typeof value === 'string' ? value : '';
}

/** How values are written so that they cannot change the structure of the body. */
function escapeFor(contentType: string): (value: string) => string {
  if (isJson(contentType)) return (value) => JSON.stringify(value).slice(1, -1);
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    // A text that was cut may end with half of a character, which cannot be encoded.
    return (value) => encodeURIComponent(Buffer.from(value).toString());
  }
  return (value) => value;
}

function isJson(contentType: string): boolean {
  return /^application\/(?:[a-z0-9.-]+\+)?json\b/.test(contentType);
}

/** What is wrong with a template, or null. */
export function templateProblem({ template, contentType }: BodyForm): Text | null {
  if (template === null) return contentType === JSON_TYPE ? null : STANDARD_IS_JSON;
  const used = [...template.matchAll(PLACEHOLDER)].map(([, path = '']) => path);
  if (used.some((path) => !PLACEHOLDERS.includes(path))) return UNKNOWN_PLACEHOLDER;
  if (longestBytes({ template, contentType }) >= MAX_MESSAGE_BYTES) return TOO_LONG;
  if (!isJson(contentType)) return null;
  try {
    JSON.parse(bodyOf(SAMPLE, { template, contentType }));
    return null;
  } catch {
    return NOT_JSON;
  }
}

/** The size of the longest body. */
function longestBytes(form: BodyForm): number {
  return Math.max(...LONGEST.map((message) => Buffer.byteLength(bodyOf(message, form))));
}

const STANDARD_IS_JSON: Text = {
  en: 'needs a template, because the standard message is application/json',
  zh: '需要模板，因为标准消息是 application/json',
};

const UNKNOWN_PLACEHOLDER: Text = {
  en: `may contain only these placeholders: ${PLACEHOLDERS.map((path) => `{{${path}}}`).join(', ')}`,
  zh: `只能包含以下占位符：${PLACEHOLDERS.map((path) => `{{${path}}}`).join('、')}`,
};

const TOO_LONG: Text = {
  en: `must not allow messages of ${MAX_MESSAGE_BYTES / 1_000} kB or more, with values of the greatest length; repeat fewer placeholders, or shorten the text`,
  zh: `在各值取最大长度时，消息不得达到 ${MAX_MESSAGE_BYTES / 1_000} kB；请减少重复的占位符，或缩短文本`,
};

const NOT_JSON: Text = {
  en: 'must be valid JSON with its placeholders inside of strings, or contentType another type',
  zh: '必须是有效的 JSON，占位符须在字符串内；或将 contentType 设为其他类型',
};

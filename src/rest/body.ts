import express, { type RequestHandler } from 'express';
import { AppError } from '../domain/errors.ts';
import type { Raw } from './coerce.ts';
import { formFields } from './form.ts';

/** What a request sends, and whether it came as a form, where every field is text. */
export interface Body {
  readonly fields: Raw;
  readonly isForm: boolean;
}

const MAX_BODY = '1mb';
const NO_BODY: Body = { fields: {}, isForm: false };

/** Charsets that write ASCII as UTF-8 does; in any but UTF-8 only that part is read. */
const UTF8 = ['utf-8', 'utf8'];
const LIKE_ASCII = [...UTF8, 'us-ascii', 'ascii', 'iso-8859-1', 'latin1', 'windows-1252'];

/** Only a POST has a body here; that of any other method is not read. */
export const readBody: readonly RequestHandler[] = [
  (request, response, next) =>
    request.method === 'POST' ? readBytes(request, response, next) : next(),
  (request, _, next) => {
    request.body = Buffer.isBuffer(request.body)
      ? parseBody(request.body, request.headers['content-type'])
      : NO_BODY;
    next();
  },
];

const readBytes = express.raw({ type: () => true, limit: MAX_BODY });

/**
 * Reads JSON whatever the content type says, as the older server did: no form and no other kind of body
 * begins as a JSON object does. Browsers can send such a body without asking first, so the gate refuses
 * foreign pages before this.
 */
export function parseBody(bytes: Buffer, contentType = ''): Body {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const text = decoded(bytes, parameters);
  if (text.trim() === '') return NO_BODY;
  const isJson = /[/+](x-)?json$/.test(type.trim()) || /^\s*[{[]/.test(text);
  if (isJson) return { fields: parseJson(text), isForm: false };
  if (type.trim() !== 'application/x-www-form-urlencoded') throw unknownKind();
  return { fields: formFields(text), isForm: true };
}

function decoded(bytes: Buffer, parameters: readonly string[]): string {
  const [, charset = 'utf-8'] =
    /charset=["']?([^"'\s]+)/.exec(parameters.find((one) => one.includes('charset=')) ?? '') ?? [];
  const isUtf8 = UTF8.includes(charset);
  if (!LIKE_ASCII.includes(charset) || (!isUtf8 && bytes.some((byte) => byte > 127))) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
      en: 'The charset of the body is not supported; send UTF-8.',
      zh: '不支持请求体的字符集；请使用 UTF-8。',
    });
  }
  try {
    // Without the mark that some programs write before UTF-8.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(
      'The body is not valid UTF-8; send UTF-8.',
      '请求体不是有效的 UTF-8；请使用 UTF-8。',
    );
  }
}

function parseJson(text: string): Raw {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw;
  throw invalid('The body must be a JSON object.', '请求体必须是 JSON 对象。');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats a part of the body.
    throw invalid(
      'The body is not valid JSON; send an object such as {"nickname": "Anna"}.',
      '请求体不是有效的 JSON；请发送对象，例如 {"nickname": "Anna"}。',
    );
  }
}

function invalid(en: string, zh: string): AppError {
  return new AppError('INVALID_ARGUMENT', { en, zh });
}

function unknownKind(): AppError {
  return new AppError('UNSUPPORTED_MEDIA_TYPE', {
    en: 'The body must be a JSON object, or a form sent as application/x-www-form-urlencoded.',
    zh: '请求体必须是 JSON 对象，或以 application/x-www-form-urlencoded 发送的表单。',
  });
}

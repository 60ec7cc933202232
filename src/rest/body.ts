import express, { type RequestHandler } from 'express';
import { AppError } from '../domain/errors.ts';
import type { Raw } from './coerce.ts';
import { formFields } from './form.ts';

/** The fields of a request body. In a form, every value is text. */
export interface Body {
  readonly fields: Raw;
  readonly isForm: boolean;
}

const MAX_BODY = '1mb';
const NO_BODY: Body = { fields: {}, isForm: false };

/** Charsets that contain ASCII; with any of them but UTF-8, only ASCII bodies are accepted. */
const UTF8 = ['utf-8', 'utf8'];
const ASCII_COMPATIBLE = [...UTF8, 'us-ascii', 'ascii', 'iso-8859-1', 'latin1', 'windows-1252'];

/** Reads the body of a POST; the body of any other method is ignored. */
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
 * Parses a body that begins like JSON as JSON, whatever its content type, as the previous server did: no
 * valid form begins that way. Browsers can send such a body to another origin without a preflight, so the
 * gate rejects requests from foreign pages before this.
 */
export function parseBody(bytes: Buffer, contentType = ''): Body {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const text = decoded(bytes, parameters);
  if (text.trim() === '') return NO_BODY;
  const isJson = /[/+](x-)?json$/.test(type.trim()) || /^\s*[{[]/.test(text);
  if (isJson) return { fields: parseJson(text), isForm: false };
  if (type.trim() !== 'application/x-www-form-urlencoded') throw unsupportedType();
  return { fields: formFields(text), isForm: true };
}

function decoded(bytes: Buffer, parameters: readonly string[]): string {
  const [, charset = 'utf-8'] =
    /charset=["']?([^"'\s]+)/.exec(parameters.find((one) => one.includes('charset=')) ?? '') ?? [];
  const isUtf8 = UTF8.includes(charset);
  if (!ASCII_COMPATIBLE.includes(charset) || (!isUtf8 && bytes.some((byte) => byte > 127))) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
      en: 'The charset of the body is not supported; send UTF-8.',
      zh: '不支持请求体的字符集；请使用 UTF-8。',
    });
  }
  try {
    // TextDecoder removes the byte order mark that some programs write.
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
    // The parser's message is not used, because it repeats part of the body.
    throw invalid(
      'The body is not valid JSON; send an object such as {"nickname": "Anna"}.',
      '请求体不是有效的 JSON；请发送对象，例如 {"nickname": "Anna"}。',
    );
  }
}

function invalid(en: string, zh: string): AppError {
  return new AppError('INVALID_ARGUMENT', { en, zh });
}

function unsupportedType(): AppError {
  return new AppError('UNSUPPORTED_MEDIA_TYPE', {
    en: 'The body must be a JSON object, or a form sent as application/x-www-form-urlencoded.',
    zh: '请求体必须是 JSON 对象，或以 application/x-www-form-urlencoded 发送的表单。',
  });
}

import type { RequestHandler } from 'express';
import { type FieldError, invalidFields } from '../../domain/errors.ts';

const JSON_PARAMETERS = ['variables', 'extensions'];

const NOT_JSON: FieldError['text'] = {
  en: 'must be JSON, such as {"id": 1}, and percent-encoded',
  zh: '必须是经过百分号编码的 JSON，例如 {"id": 1}',
};

/** Rejects query parameters that are not JSON, which Yoga would report as an internal error. */
export const refuseMalformedQuery: RequestHandler = (request, _, next) => {
  const parameters = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1));
  const malformed = JSON_PARAMETERS.filter((name) => !isJson(parameters.get(name) || 'null'));
  if (request.method !== 'POST' && malformed.length > 0) {
    throw invalidFields(malformed.map((field) => ({ field, text: NOT_JSON })));
  }
  next();
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

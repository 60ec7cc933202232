import type { IncomingHttpHeaders } from 'node:http';
import accepts from 'accepts';
import type { Text } from '../domain/errors.ts';

/** The language that the client prefers by its `Accept-Language`; `fallback` when it names neither. */
export function preferredLanguage(
  request: { readonly headers: IncomingHttpHeaders },
  fallback: keyof Text,
): keyof Text {
  for (const tag of accepts(request).languages()) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'en' || primary === 'zh') return primary;
  }
  return fallback;
}

import { AppError } from '../domain/errors.ts';
import type { Raw } from './coerce.ts';

/** Parses a URL-encoded form. A field with several different values becomes a list. */
export function formFields(text: string): Raw {
  const values = new Map<string, Set<string>>();
  for (const pair of text.trim().split('&').filter(Boolean)) {
    const [name = '', ...value] = pair.split('=');
    const field = unescaped(name);
    values.set(field, (values.get(field) ?? new Set()).add(unescaped(value.join('='))));
  }
  const fields = [...values].map(([name, given]) => [
    name,
    given.size > 1 ? [...given] : [...given][0],
  ]);
  return Object.fromEntries(fields);
}

/** Decodes one part. A percent sign that begins no escape is kept, as the URL standard requires. */
function unescaped(text: string): string {
  const escaped = text.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25');
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw new AppError('INVALID_ARGUMENT', {
      en: 'The form is not encoded as UTF-8; send percent-encoded UTF-8.',
      zh: '表单不是以 UTF-8 编码的；请发送百分号编码的 UTF-8。',
    });
  }
}

import { type FieldError, invalidField, invalidFields, type Text } from '../domain/errors.ts';
import { isRepeatable } from '../domain/secret-like.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { Coercion, Raw } from './coerce.ts';

/** How a REST field is converted, and its name in the resolvers. */
export interface FieldRule {
  readonly name: string;
  readonly coerce: Coercion;
}

const UNKNOWN_FIELD: Text = {
  en: 'is not a field of this request',
  zh: '不是此请求的字段',
};

/** Reported in place of field names that may contain a secret, such as a key or the whole body. */
const UNREPEATED_FIELDS: FieldError = {
  field: 'body',
  text: {
    en: 'has unknown fields with long or unusual names, which are not shown here; send a JSON object or a form',
    zh: '含有名称过长或异常的未知字段，此处不显示其名称；请发送 JSON 对象或表单',
  },
};

/** More than any request needs. */
const MAX_FIELDS = 256;

const TOO_MANY_FIELDS: Text = {
  en: `must not have more than ${MAX_FIELDS} fields`,
  zh: `的字段不能超过 ${MAX_FIELDS} 个`,
};

/**
 * Converts a body to the resolvers' input. Fields in `ignored` are documented as read-only. Other unknown
 * fields are rejected by name, together with the problems that `problems` finds in the known fields.
 */
export function coerceBody(
  body: Raw,
  rules: Readonly<Record<string, FieldRule>>,
  ignored: ReadonlySet<string>,
  calendar: Calendar,
  problems: (input: Record<string, unknown>) => readonly FieldError[],
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const unknown: string[] = [];
  const fields = Object.entries(body);
  if (fields.length > MAX_FIELDS) throw invalidField('body', TOO_MANY_FIELDS);
  for (const [field, given] of fields) {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    const value = rule?.coerce(given, calendar);
    if (rule !== undefined && value !== undefined) input[rule.name] = value;
    if (rule === undefined && !ignored.has(field)) unknown.push(field);
  }
  if (unknown.length > 0) throw invalidFields([...unknownFields(unknown), ...problems(input)]);
  return input;
}

function unknownFields(names: readonly string[]): FieldError[] {
  const repeated = names
    .filter(isRepeatable)
    .map((field): FieldError => ({ field, text: UNKNOWN_FIELD, asSent: true }));
  return repeated.length === names.length ? repeated : [...repeated, UNREPEATED_FIELDS];
}

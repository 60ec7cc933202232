import { type FieldError, invalidField, invalidFields, type Text } from '../domain/errors.ts';
import { isRepeatable } from '../domain/secret-like.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { Coercion, Raw } from './coerce.ts';

/** A field as REST spells it, with the resolvers' name for it. */
export interface FieldRule {
  readonly name: string;
  readonly coerce: Coercion;
}

const UNKNOWN_FIELD: Text = {
  en: 'is not a field of this request',
  zh: '不是此请求的字段',
};

/** Stands for all names that may hold a secret, such as a key or the whole body. */
const UNREPEATED_FIELDS: FieldError = {
  field: 'body',
  text: {
    en: 'has unknown fields with long or unusual names, which are not repeated; send a JSON object or a form',
    zh: '含有名称过长或不寻常的未知字段，此处不重复其名称；请发送 JSON 对象或表单',
  },
};

/** Enough for every list and field that there is. */
const MAX_FIELDS = 256;

const TOO_MANY_FIELDS: Text = {
  en: `has more than ${MAX_FIELDS} fields`,
  zh: `的字段超过 ${MAX_FIELDS} 个`,
};

/**
 * The resolvers' input out of a body. Fields of `ignored` are documented but read-only; any other
 * unknown field is refused by name, together with what `problems` finds in the known ones.
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

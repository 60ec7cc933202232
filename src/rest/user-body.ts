import { type Text, userNotFound } from '../domain/errors.ts';
import { fieldsWith, type RestName, USER_FIELDS } from '../domain/user-fields.ts';
import type { Context } from '../resolvers/context.ts';
import { createUser, updateUser } from '../resolvers/user/mutations.ts';
import { user } from '../resolvers/user/queries.ts';
import type { Body } from './body.ts';
import {
  asBoolean,
  asClearableKey,
  asEndTime,
  asIs,
  asKey,
  asList,
  asNumber,
  asText,
  type Coercion,
  type Raw,
  unlessBlank,
} from './coerce.ts';
import { managedUserAnswer, userAnswer } from './contract/answers.ts';
import { coerceBody, type FieldRule } from './fields.ts';
import { presentUser } from './present.ts';
import type { RestRequest, Route } from './route.ts';

/** How each field is converted from what older clients send. */
const COERCIONS: Readonly<Record<RestName, Coercion>> = {
  nickname: asText,
  mail: asIs,
  phone: asText,
  note: asText,
  interface: unlessBlank(asIs),
  allowed_ips: unlessBlank(asList),
  preshared_key: unlessBlank(asClearableKey),
  persistent_keepalive: unlessBlank(asNumber),
  enabled: asBoolean,
  bandwidth_limit: asNumber,
  data_limit: asNumber,
  expiry_date: asEndTime,
};

const RULES: Readonly<Record<string, FieldRule>> = Object.fromEntries(
  fieldsWith('rest').map((field) => {
    const { rest, input: name } = USER_FIELDS[field];
    return [rest, { name, coerce: COERCIONS[rest] }];
  }),
);

const CREATE_FIELDS = { peer_pubkey: { name: 'publicKey', coerce: asKey }, ...RULES };

/** The keys of responses that no request sets, ignored because a client may post a whole object back. */
const READ_ONLY = new Set(
  Object.keys({ ...userAnswer.shape, ...managedUserAnswer.shape }).filter(
    (name) => !Object.hasOwn(CREATE_FIELDS, name),
  ),
);

const MESSAGES = {
  created: { en: 'The user was created.', zh: '用户创建成功' },
  updated: { en: 'The user was updated.', zh: '用户信息更新成功' },
} as const satisfies Record<string, Text>;

export const create: Route['run'] = async (ctx, { body }) => {
  const fields = withoutBlankEnabled(body);
  const input = coerceBody(fields, CREATE_FIELDS, READ_ONLY, ctx.calendar, createUser.problems);
  const created = await createUser(ctx, input as unknown as Parameters<typeof createUser>[1]);
  return {
    body: { status: 'success', message: MESSAGES.created[ctx.language], user_id: created.id },
  };
};

export const update: Route['run'] = async (ctx, { params, body }) => {
  const id = userId(params);
  const given = await withoutUnchanged(ctx, id, withoutBlankEnabled(body));
  const ignored = new Set([...READ_ONLY, 'peer_pubkey']);
  const input = coerceBody(given, RULES, ignored, ctx.calendar, (known) =>
    updateUser.problems({ ...known, id }),
  );
  await updateUser(ctx, {
    ...input,
    id,
    ...(Object.hasOwn(given, 'peer_pubkey') && {
      publicKey: asKey(given.peer_pubkey, ctx.calendar),
    }),
  } as Parameters<typeof updateUser>[1]);
  return { body: { status: 'success', message: MESSAGES.updated[ctx.language] } };
};

/** Treats a blank `enabled` in a form as absent. In JSON it is ambiguous, and so it is rejected. */
function withoutBlankEnabled({ fields, isForm }: Body): Raw {
  const { enabled, ...others } = fields;
  return isForm && enabled === '' ? others : fields;
}

/**
 * Removes fields with the value that a response shows, so that a client can post back what it read. This
 * matters for values stored before the current validation rules, and for times in the hour that is
 * repeated when clocks are set back, where one text stands for two times.
 */
async function withoutUnchanged(ctx: Context, id: string, fields: Raw): Promise<Raw> {
  const stored = await user(ctx, { id });
  if (stored === null) return fields;
  const shown = new Map(Object.entries(presentUser(ctx, stored, null) as object));
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => !shown.has(name) || !isSame(value, shown.get(name)),
    ),
  );
}

/** Whether the value is the shown one, or its text as a form sends it. */
function isSame(value: unknown, shown: unknown): boolean {
  return value === shown || (typeof value === 'string' && value === String(shown));
}

/** Returns the id in the path. Throws `NOT_FOUND` if it is not an id. */
export function userId(params: RestRequest['params']): string {
  const id = params.id ?? '';
  if (!/^\d{1,15}$/.test(id)) throw userNotFound();
  return id;
}

import { type Text, userNotFound } from '../errors.ts';
import type { Context } from '../resolvers/context.ts';
import { user } from '../resolvers/user.ts';
import { createUser, updateUser } from '../resolvers/user-commands.ts';
import {
  asBoolean,
  asEndTime,
  asIs,
  asList,
  asNumber,
  asText,
  coerceBody,
  type FieldRule,
  type Raw,
} from './coerce.ts';
import type { RestRequest, Route } from './route.ts';

const USER_FIELDS: Readonly<Record<string, FieldRule>> = {
  nickname: { name: 'nickname', coerce: asText },
  mail: { name: 'mail', coerce: asIs },
  phone: { name: 'phone', coerce: asText },
  note: { name: 'note', coerce: asText },
  interface: { name: 'interface', coerce: asIs },
  allowed_ips: { name: 'allowedIps', coerce: asList },
  preshared_key: { name: 'presharedKey', coerce: asIs },
  persistent_keepalive: { name: 'persistentKeepalive', coerce: asNumber },
  enabled: { name: 'enabled', coerce: asBoolean },
  bandwidth_limit: { name: 'bandwidthLimit', coerce: asNumber },
  data_limit: { name: 'dataLimit', coerce: asNumber },
  expiry_date: { name: 'expiresAt', coerce: asEndTime },
};

const CREATE_FIELDS = { peer_pubkey: { name: 'publicKey', coerce: asIs }, ...USER_FIELDS };

/** Keys of the answers that a client may post back with the whole object. */
const READ_ONLY = new Set([
  'id',
  'login_ip',
  'status',
  'is_online',
  'total_rx',
  'total_tx',
  'last_login',
  'session_start',
  'created_at',
  'updated_at',
]);

const MESSAGES = {
  created: { en: 'The user was created.', zh: '用户创建成功' },
  updated: { en: 'The user was updated.', zh: '用户信息更新成功' },
} as const satisfies Record<string, Text>;

export const create: Route['run'] = async (ctx, { body }) => {
  const input = coerceBody(body, CREATE_FIELDS, READ_ONLY, ctx.calendar, createUser.problems);
  const created = await createUser(ctx, input as unknown as Parameters<typeof createUser>[1]);
  return {
    body: { status: 'success', message: MESSAGES.created[ctx.language], user_id: created.id },
  };
};

export const update: Route['run'] = async (ctx, { params, body }) => {
  const id = userId(params);
  const given = await withoutShownExpiry(ctx, id, body);
  const ignored = new Set([...READ_ONLY, 'peer_pubkey']);
  const input = coerceBody(given, USER_FIELDS, ignored, ctx.calendar, (known) =>
    updateUser.problems({ ...known, id }),
  );
  await updateUser(ctx, {
    ...input,
    id,
    ...('peer_pubkey' in body && { publicKey: body.peer_pubkey }),
  } as Parameters<typeof updateUser>[1]);
  return { body: { status: 'success', message: MESSAGES.updated[ctx.language] } };
};

/**
 * The body without an expiry that reads as the stored one is shown: in the hour that clocks repeat
 * one text stands for two times, and a client that posts back what it read changes nothing.
 */
async function withoutShownExpiry(ctx: Context, id: string, body: Raw): Promise<Raw> {
  const { expiry_date: expiry, ...others } = body;
  if (typeof expiry !== 'string') return body;
  const expiresAt = (await user(ctx, { id }))?.expiresAt;
  return expiresAt != null && ctx.calendar.formatTime(expiresAt) === expiry.trim() ? others : body;
}

/** The id in the path; what is no id names no user. */
export function userId(params: RestRequest['params']): string {
  const id = params.id ?? '';
  if (!/^\d{1,15}$/.test(id)) throw userNotFound();
  return id;
}

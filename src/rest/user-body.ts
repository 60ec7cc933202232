import { type Text, userNotFound } from '../errors.ts';
import { createUser, updateUser } from '../resolvers/user-commands.ts';
import {
  asBoolean,
  asEndTime,
  asIs,
  asList,
  asNumber,
  coerceBody,
  type FieldRule,
} from './coerce.ts';
import type { RestRequest, Route } from './route.ts';

const USER_FIELDS: Readonly<Record<string, FieldRule>> = {
  nickname: { name: 'nickname', coerce: asIs },
  mail: { name: 'mail', coerce: asIs },
  phone: { name: 'phone', coerce: asIs },
  note: { name: 'note', coerce: asIs },
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
  const input = coerceBody(body, CREATE_FIELDS, READ_ONLY, ctx.calendar);
  const user = await createUser(ctx, input as unknown as Parameters<typeof createUser>[1]);
  return {
    body: { status: 'success', message: MESSAGES.created[ctx.language], user_id: user.id },
  };
};

export const update: Route['run'] = async (ctx, { params, body }) => {
  const input = coerceBody(body, USER_FIELDS, new Set([...READ_ONLY, 'peer_pubkey']), ctx.calendar);
  await updateUser(ctx, {
    ...input,
    id: userId(params),
    ...('peer_pubkey' in body && { publicKey: body.peer_pubkey }),
  } as Parameters<typeof updateUser>[1]);
  return { body: { status: 'success', message: MESSAGES.updated[ctx.language] } };
};

/** The id in the path; what is no id names no user. */
export function userId(params: RestRequest['params']): string {
  const id = params.id ?? '';
  if (!/^\d{1,15}$/.test(id)) throw userNotFound();
  return id;
}

import { AppError, type Text } from '../../domain/errors.ts';
import { quoted } from '../../domain/secret-like.ts';
import { isKey } from '../../domain/wireguard/key.ts';
import type { Api } from '../api/api.ts';
import { listAll } from './list-all.ts';
import { type ShownUser, USER_FIELDS } from './user.ts';

/** The user with this public key, nickname or id; a nickname that is a number comes before an id. */
export async function findUser(api: Api, who: string): Promise<ShownUser> {
  // A variable of a script that is not set must not mean the one user without a name.
  if (who === '') throw new AppError('INVALID_ARGUMENT', NO_NAME);
  const found = isKey(who) ? await byKey(api, who) : await byNameOrId(api, who);
  if (found === null) throw notFound(who);
  return found;
}

async function byKey(api: Api, publicKey: string): Promise<ShownUser | null> {
  const document = `query ($publicKey: String!) { user(by: { publicKey: $publicKey }) { ${USER_FIELDS} } }`;
  const { user } = await api.ask<{ user: ShownUser | null }>(document, { publicKey });
  return user;
}

async function byNameOrId(api: Api, who: string): Promise<ShownUser | null> {
  const like = await listAll(api, { search: who });
  const [first, ...others] = like.filter(({ nickname }) => nickname === who);
  if (others.length > 0)
    throw ambiguous(
      who,
      [first, ...others].map((user) => user?.id ?? ''),
    );
  if (first !== undefined || !/^\d{1,15}$/.test(who)) return first ?? null;
  const document = `query ($id: ID!) { user(by: { id: $id }) { ${USER_FIELDS} } }`;
  const { user } = await api.ask<{ user: ShownUser | null }>(document, { id: who });
  return user;
}

const NO_NAME: Text = {
  en: 'The user is empty; specify a name, an id or a public key.',
  zh: '用户为空；请指定名称、ID 或公钥。',
};

function notFound(who: string): AppError {
  return new AppError('NOT_FOUND', {
    en: `There is no user ${quoted(who)}; "wgql user list" shows all names and ids.`,
    zh: `没有用户 ${quoted(who)}；"wgql user list" 会列出所有名称和 ID。`,
  });
}

function ambiguous(who: string, ids: readonly string[]): AppError {
  return new AppError('CONFLICT', {
    en: `Several users have the name ${quoted(who)}; specify one of the ids ${ids.join(', ')}.`,
    zh: `有多个用户名为 ${quoted(who)}；请指定 ID 之一：${ids.join('、')}。`,
  });
}

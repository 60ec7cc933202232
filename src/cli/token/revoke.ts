import type { TokenKey } from '../../store/access/token.ts';
import type { Answer, Shell } from '../shell.ts';
import { withTokens } from './with-tokens.ts';

/** Revokes the token with this name, or with this id if no token has this name. */
export async function revokeToken(shell: Shell, which: string): Promise<Answer> {
  const { id, name } = await withTokens(shell, async (tokens) => {
    const isName = (await tokens.list()).some((token) => token.name === which);
    const key: TokenKey =
      isName || !/^\d{1,9}$/.test(which) ? { name: which } : { id: Number(which) };
    return tokens.revoke(key, { actor: 'cli', action: 'revokeToken', at: shell.now });
  });
  return {
    json: { id, name },
    note: {
      en: `The token ${JSON.stringify(name)} is revoked; a running server ends its subscriptions within one poll.`,
      zh: `令牌 ${JSON.stringify(name)} 已吊销；运行中的服务器会在一次轮询内结束其订阅。`,
    },
  };
}

import type { TokenKey } from '../store/token.ts';
import { readArguments, type Shell, UsageError } from './shell.ts';
import { TOKEN_USAGE } from './usage.ts';
import { withTokens } from './with-tokens.ts';

/** Revokes the token with this name, or with this id if no token has this name. */
export async function revokeToken(shell: Shell, args: readonly string[]): Promise<void> {
  const { words } = readArguments(args, [], TOKEN_USAGE);
  const [which] = words;
  if (which === undefined || words.length > 1) {
    throw new UsageError(
      { en: 'Specify the name or the id of one token.', zh: '请指定一个令牌的名称或 ID。' },
      TOKEN_USAGE,
    );
  }
  const { name } = await withTokens(shell, async (tokens) => {
    const isName = (await tokens.list()).some((token) => token.name === which);
    const key: TokenKey =
      isName || !/^\d{1,9}$/.test(which) ? { name: which } : { id: Number(which) };
    return tokens.revoke(key, { actor: 'cli', action: 'revokeToken', at: shell.now });
  });
  shell.say({
    en: `The token ${JSON.stringify(name)} is revoked; a running server ends its subscriptions within one poll.`,
    zh: `令牌 ${JSON.stringify(name)} 已吊销；运行中的服务器会在一次轮询内结束其订阅。`,
  });
}

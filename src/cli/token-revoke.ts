import type { TokenKey } from '../store/token.ts';
import { readArguments, type Shell, UsageError } from './shell.ts';
import { TOKEN_USAGE } from './usage.ts';
import { withTokens } from './with-tokens.ts';

/** Ends the token of this name, or of this id where no token is named so. */
export async function revokeToken(shell: Shell, args: readonly string[]): Promise<void> {
  const { words } = readArguments(args, [], TOKEN_USAGE);
  const [which] = words;
  if (which === undefined || words.length > 1) {
    throw new UsageError(
      { en: 'Name one token, or give its id.', zh: '请指定一个令牌的名称或 ID。' },
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
    en: `The token ${JSON.stringify(name)} is revoked; a running server ends its streams within one poll.`,
    zh: `令牌 ${JSON.stringify(name)} 已吊销；运行中的服务器会在一次轮询内结束其订阅。`,
  });
}

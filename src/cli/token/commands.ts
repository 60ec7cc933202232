import type { BilingualCommand } from '../bilingual-command.ts';
import type { Run } from '../run.ts';
import { asUsageError } from '../usage-error.ts';
import { type CreateOptions, createToken, OPTION_OF } from './create.ts';
import { listTokens } from './list.ts';
import { revokeToken } from './revoke.ts';

/** Adds the commands on the tokens in the database of the server, which may be running. */
export function addTokenCommands(program: BilingualCommand, run: Run): void {
  const token = program.has('token', {
    en: 'create, list and revoke tokens in the database; a running server notices within one poll',
    zh: '创建、列出和吊销数据库中的令牌；运行中的服务器在一次轮询内生效',
  });
  const create = token
    .has('create', { en: 'create a token and print it only this once', zh: '创建令牌并显示一次' })
    .with('--name <name>', {
      en: 'the name, which can be used only once',
      zh: '名称，只能使用一次',
    })
    .with('--role <role>', {
      en: 'self, viewer, operator or admin',
      zh: 'self、viewer、operator 或 admin',
    })
    .with('--owner <owner>', {
      en: 'with the role self: the owner whose users the token reads, and no others',
      zh: '角色为 self 时：令牌只能读取此所有者的用户',
    })
    .with('--expires <when>', {
      en: 'a date, a time, or a duration from now: 12h, 30d, 8w, 1y',
      zh: '日期、时间，或从现在起的时长：12h、30d、8w、1y',
    })
    .with('--from <prefixes>', {
      en: 'accept the token only from these networks, such as 192.0.2.0/24,2001:db8::/32',
      zh: '只接受来自这些网段的令牌，例如 192.0.2.0/24,2001:db8::/32',
    });
  run(create, async ({ shell, options }) => {
    try {
      return await createToken(shell, options as CreateOptions);
    } catch (error) {
      throw asUsageError(error, OPTION_OF, create.helpInformation());
    }
  });
  run(
    token.has('list', {
      en: 'list the tokens, without their secrets',
      zh: '列出令牌（不显示令牌本身）',
    }),
    ({ shell }) => listTokens(shell),
  );
  run(
    token
      .has('revoke', { en: 'revoke a token and end its subscriptions', zh: '吊销令牌并结束其订阅' })
      .takes('<token>', { en: 'the name or the id', zh: '名称或 ID' }),
    ({ shell, words }) => revokeToken(shell, words[0] ?? ''),
  );
}

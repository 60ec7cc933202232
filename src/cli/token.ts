import { type Shell, UsageError, unknownWord } from './shell.ts';
import { createToken } from './token-create.ts';
import { listTokens } from './token-list.ts';
import { revokeToken } from './token-revoke.ts';
import { TOKEN_USAGE } from './usage.ts';

/** Runs on the database of the server, which may be running; changes take effect within one poll. */
export function tokenCommand(shell: Shell, args: readonly string[]): Promise<void> {
  const [action, ...others] = args;
  switch (action) {
    case 'create':
      return createToken(shell, others);
    case 'list':
      return listTokens(shell, others);
    case 'revoke':
      return revokeToken(shell, others);
    case undefined:
      throw new UsageError(
        {
          en: 'Specify an action: create, list or revoke.',
          zh: '请指定操作：create、list 或 revoke。',
        },
        TOKEN_USAGE,
      );
    default:
      throw unknownWord(action, ['create', 'list', 'revoke'], TOKEN_USAGE);
  }
}

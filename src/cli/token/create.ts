import { databasePath } from '../../config/database-url.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import { parseInput } from '../../resolvers/input.ts';
import { type TokenInput, tokenInput } from '../../resolvers/token/input.ts';
import { newToken, refusePast } from '../../resolvers/token/tokens.ts';
import { expiryOf } from '../expiry.ts';
import type { Answer, Shell } from '../shell.ts';
import { withTokens } from './with-tokens.ts';

export interface CreateOptions {
  readonly name?: string;
  readonly role?: string;
  readonly expires?: string;
  readonly from?: string;
  readonly owner?: string;
}

/** The options by the fields of the input that they set. */
export const OPTION_OF = {
  name: '--name',
  role: '--role',
  expiresAt: '--expires',
  allowedFrom: '--from',
  owner: '--owner',
};

/** The only line is the token, so that scripts can read it. */
export async function createToken(shell: Shell, options: CreateOptions): Promise<Answer> {
  const given = inputOf(shell, options);
  const { secret, stored } = newToken(given);
  const command = { actor: 'cli', action: 'createToken' as const, at: shell.now };
  await withTokens(shell, (tokens) => tokens.create(stored, command), true);
  const path = databasePath(shell.config.databaseUrl);
  return {
    json: { name: given.name, role: given.role, token: secret },
    lines: [secret],
    note: {
      en: `Created the ${given.role} token ${JSON.stringify(given.name)} in ${path}. It is shown only this once; send it as "Authorization: Bearer TOKEN".`,
      zh: `已在 ${path} 中创建 ${given.role} 令牌 ${JSON.stringify(given.name)}。令牌只显示这一次；请以 "Authorization: Bearer 令牌" 的形式发送。`,
    },
  };
}

function inputOf(
  { config, now }: Shell,
  { name = '', role = '', expires, from, owner }: CreateOptions,
): TokenInput {
  const input = parseInput(tokenInput, {
    name,
    // Validated by the schema, so that it is reported together with the other problems.
    role: role as TokenInput['role'],
    ...(expires !== undefined && {
      expiresAt: (expiryOf(expires, now, calendarOf(config.timeZone)) ?? expires) as Date,
    }),
    ...(from !== undefined && { allowedFrom: from.split(',') }),
    ...(owner !== undefined && { owner }),
  });
  refusePast(input, now);
  return input;
}

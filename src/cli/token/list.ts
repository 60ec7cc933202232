import { calendarOf } from '../../domain/time/calendar.ts';
import { type Token, tokenOf } from '../../resolvers/token/tokens.ts';
import type { Answer, Shell } from '../shell.ts';
import { tableOf } from '../table.ts';
import { withTokens } from './with-tokens.ts';

const COLUMNS = ['ID', 'NAME', 'ROLE', 'STATE', 'EXPIRES', 'LAST USED', 'FROM', 'MADE BY'];

/** Lists the tokens, with times in the configured time zone. */
export async function listTokens(shell: Shell): Promise<Answer> {
  const records = await withTokens(shell, (tokens) => tokens.list());
  const calendar = calendarOf(shell.config.timeZone);
  const time = (at: Date | null) => (at === null ? 'never' : calendar.formatTime(at));
  const tokens = records.map(tokenOf);
  const rows = tokens.map((token) => [
    String(token.id),
    token.name,
    token.owner === null ? token.role : `${token.role} (${token.owner})`,
    stateOf(token, shell.now),
    time(token.expiresAt),
    time(token.lastUsedAt),
    token.allowedFrom?.join(',') ?? 'anywhere',
    token.createdBy,
  ]);
  return { json: tokens, lines: tableOf([COLUMNS, ...rows]) };
}

function stateOf({ revokedAt, expiresAt }: Token, now: Date): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'in force';
}

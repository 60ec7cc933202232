import { calendarOf } from '../domain/time/calendar.ts';
import { type Token, tokenOf } from '../resolvers/token/tokens.ts';
import { refuseWords, type Shell } from './shell.ts';
import { TOKEN_USAGE } from './usage.ts';
import { withTokens } from './with-tokens.ts';

const COLUMNS = ['ID', 'NAME', 'ROLE', 'STATE', 'EXPIRES', 'LAST USED', 'FROM', 'MADE BY'] as const;

/** Prints the tokens as a table, times in the configured time zone. */
export async function listTokens(shell: Shell, args: readonly string[]): Promise<void> {
  refuseWords(args, TOKEN_USAGE);
  const records = await withTokens(shell, (tokens) => tokens.list());
  const calendar = calendarOf(shell.config.timeZone);
  const time = (at: Date | null) => (at === null ? 'never' : calendar.formatTime(at));
  const rows = records
    .map(tokenOf)
    .map((token) => [
      String(token.id),
      token.name,
      token.role,
      stateOf(token, shell.now),
      time(token.expiresAt),
      time(token.lastUsedAt),
      token.allowedFrom?.join(',') ?? 'anywhere',
      token.createdBy,
    ]);
  const table = [[...COLUMNS], ...rows];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of table) {
    shell.print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

function stateOf({ revokedAt, expiresAt }: Token, now: Date): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'in force';
}

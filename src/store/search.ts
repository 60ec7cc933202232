import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database.ts';
import { fold } from './fold.ts';

export interface Search {
  /** Part of the nickname, mail or public key, as `fold` compares text. */
  readonly text: string;
  /** false: the search looks at the nickname and the public key alone. */
  readonly inMail: boolean;
}

/**
 * The ids of the users that a search finds among those of a condition. SQLite's own functions know case
 * in ASCII alone, so the texts are compared here.
 */
export async function idsFound(
  db: Database,
  { text, inMail }: Search,
  among: Prisma.Sql,
): Promise<number[]> {
  const columns = Prisma.raw(['nickname', 'publicKey', ...(inMail ? ['mail'] : [])].join());
  const [found] = await db.$queryRaw<{ rows: string }[]>`
    SELECT json_group_array(json_array("id", ${columns})) AS "rows" FROM "User" WHERE ${among}`;
  const rows: [number, ...string[]][] = JSON.parse(found?.rows ?? '[]');
  const part = fold(text).trim();
  return rows
    .filter(([, ...texts]) => texts.some((each) => fold(each).includes(part)))
    .map(([id]) => id);
}

import { Prisma } from '../../generated/prisma/client.ts';
import type { Database } from '../database/open.ts';
import { fold } from './fold.ts';

export interface Search {
  /** Part of the nickname, mail or public key, as `fold` compares text. */
  readonly text: string;
  /** false: only the nickname and the public key are searched. */
  readonly inMail: boolean;
}

/** The ids of the users that a search finds among those of a condition. */
export async function idsFound(db: Database, search: Search, among: Prisma.Sql): Promise<number[]> {
  const [found] = await db.$queryRaw<{ rows: string }[]>`
    SELECT json_group_array(json_array(${searchedColumns(search)})) AS "rows"
    FROM "User" WHERE ${among}`;
  return idsOfMatches(search, JSON.parse(found?.rows ?? '[]'));
}

/** What `idsOfMatches` looks at. */
export function searchedColumns({ inMail }: Search): Prisma.Sql {
  return Prisma.raw(`"id", "nickname", "publicKey"${inMail ? ', "mail"' : ''}`);
}

/** SQLite's own functions handle case only in ASCII, so the texts are compared here. */
export function idsOfMatches({ text }: Search, rows: Iterable<readonly unknown[]>): number[] {
  const part = fold(text).trim();
  const ids: number[] = [];
  for (const [id, ...texts] of rows) {
    if (texts.some((each) => fold(each as string).includes(part))) ids.push(id as number);
  }
  return ids;
}

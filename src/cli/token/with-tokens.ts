import { type TokenStore, tokenStore } from '../../store/access/token.ts';
import { openBesideServer } from '../../store/database/open-beside-server.ts';
import type { Shell } from '../shell.ts';

/** Opens the database while `work` runs; `mayMake` allows it to create a new one. */
export async function withTokens<T>(
  { config }: Shell,
  work: (tokens: TokenStore) => Promise<T>,
  mayMake = false,
): Promise<T> {
  const db = await openBesideServer(config.databaseUrl, { mayMake });
  try {
    return await work(tokenStore(db));
  } finally {
    await db.$disconnect();
  }
}

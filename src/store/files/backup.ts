import { existsSync } from 'node:fs';
import { openingAt } from '../database/open.ts';
import { noDatabase } from '../database/open-beside-server.ts';
import { copyDatabase } from './copy-database.ts';

/** Copies the database as it is at one instant, also beside a running server. */
export async function backUp(databaseUrl: string, file: string): Promise<void> {
  await openingAt(databaseUrl, async (path) => {
    if (!existsSync(path)) throw noDatabase(path);
    await copyDatabase(path, file);
  });
}

import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { databasePath } from '../config/database-url.ts';
import { closeFolders } from '../store/files/private-folders.ts';
import type { Store } from '../store/index.ts';

/** An empty database in the place of a full one is a mistake that should be seen at once. */
export async function logDatabase(log: Logger, store: Store, now: Date): Promise<void> {
  const { path, isNew, isLocked, recordStart } = store;
  if (!isLocked) {
    log.warn(
      'The command "flock" was not found or cannot lock the database, so a second server is noticed only while the lock file beside it is there; install util-linux.',
    );
  }
  if (isNew) {
    log.warn(
      { database: path },
      `The database ${path} is new: it has no users and its record begins now. If you expected users, check WGQL_DATABASE_URL and the folder you start in.`,
    );
    return;
  }
  const { totalUsers: users } = await store.overview.overview(now);
  log.info(
    { database: path, users, recordStart },
    `The database ${path} has ${users} users; its record begins at ${recordStart.toISOString()}.`,
  );
}

/** Closes the folders of the database and the key file to others, and names those that stay open. */
export async function closeFoldersOf(
  log: Logger,
  { databaseUrl, secretKeyFile }: Config,
): Promise<void> {
  for (const folder of await closeFolders(databasePath(databaseUrl), secretKeyFile)) {
    log.warn(
      `The folder ${folder} is open to other users and not wgql's alone, so it is left as it is; keep the database and the key file in a folder of their own.`,
    );
  }
}

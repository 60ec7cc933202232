import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { databasePath } from '../config/database-url.ts';
import { closeFolders } from '../store/files/private-folders.ts';
import type { SecretBox } from '../store/files/secret-box.ts';
import type { Store } from '../store/index.ts';

export interface StartOptions {
  readonly store: Store;
  readonly config: Config;
  readonly secrets: Pick<SecretBox, 'problem'>;
  readonly startedAt: Date;
}

/** Logs which database is used and what is odd, and closes the folders of its files to others. */
export async function logStart(
  log: Logger,
  { store, config, secrets, startedAt }: StartOptions,
): Promise<void> {
  await logDatabase(log, store, startedAt);
  await closeFoldersOf(log, config);
  for (const warning of [secrets.problem, ...config.warnings]) {
    if (warning !== null) log.warn(warning.en);
  }
}

/** An empty database in the place of a full one is a mistake that should be seen at once. */
async function logDatabase(log: Logger, store: Store, now: Date): Promise<void> {
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
async function closeFoldersOf(log: Logger, { databaseUrl, secretKeyFile }: Config): Promise<void> {
  for (const folder of await closeFolders(databasePath(databaseUrl), secretKeyFile)) {
    log.warn(
      `The folder ${folder} is open to other users and not wgql's alone, so it is left as it is; keep the database and the key file in a folder of their own.`,
    );
  }
}

/** Says where the program listens. */
export function logListening(
  log: Logger,
  { demo, timeZone }: Config,
  listening: { readonly url: string; readonly version: string },
): void {
  if (demo) log.warn('This is a demo: the fleet is simulated and no WireGuard is touched.');
  log.info({ ...listening, timeZone }, `wgql listens on ${listening.url}`);
}

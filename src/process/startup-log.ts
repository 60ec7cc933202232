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

/** Logs the database in use and any warnings, and makes the folders of its files private. */
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

/** Warns about a new database, because a wrong path would otherwise go unnoticed. */
async function logDatabase(log: Logger, store: Store, now: Date): Promise<void> {
  const { path, isNew, isLocked, recordStart } = store;
  if (!isLocked) {
    log.warn(
      'The command "flock" was not found or cannot lock the database, so a second server is detected only while the lock file next to the database exists; install util-linux.',
    );
  }
  if (isNew) {
    log.warn(
      { database: path },
      `The database ${path} is new: it has no users, and recording begins now. If you expected users, check WGQL_DATABASE_URL and the current working directory.`,
    );
    return;
  }
  const { totalUsers: users } = await store.overview.overview(now);
  log.info(
    { database: path, users, recordStart },
    `The database ${path} has ${users} users; its recording began at ${recordStart.toISOString()}.`,
  );
}

/** Makes the folders of the database and the key file private, and warns about those that are not. */
async function closeFoldersOf(log: Logger, { databaseUrl, secretKeyFile }: Config): Promise<void> {
  for (const folder of await closeFolders(databasePath(databaseUrl), secretKeyFile)) {
    log.warn(
      `The folder ${folder} is accessible to other users and is not used by wgql alone, so its permissions were not changed; keep the database and the key file in a folder of their own.`,
    );
  }
}

/** Logs the URL of the server. */
export function logListening(
  log: Logger,
  { demo, timeZone }: Config,
  listening: { readonly url: string; readonly version: string },
): void {
  if (demo)
    log.warn(
      'This is a demo: the interfaces and users are simulated, and WireGuard is not accessed.',
    );
  log.info({ ...listening, timeZone }, `wgql listens on ${listening.url}`);
}

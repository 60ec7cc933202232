import { type Config, isLoopback } from '../config/config.ts';
import { databasePath } from '../config/database-url.ts';
import type { Log } from '../domain/log.ts';
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
  log: Log,
  { store, config, secrets, startedAt }: StartOptions,
): Promise<void> {
  await logDatabase(log, store, startedAt);
  await closeFoldersOf(log, config);
  for (const warning of [secrets.problem, ...config.warnings]) {
    if (warning !== null) log.warn(warning);
  }
}

/** Warns about a new database, because a wrong path would otherwise go unnoticed. */
async function logDatabase(log: Log, store: Store, now: Date): Promise<void> {
  const { path, isNew, isLocked, recordStart } = store;
  if (!isLocked) {
    log.warn({
      en: 'The command "flock" was not found or cannot lock the database, so a second server is detected only while the lock file next to the database exists; install util-linux.',
      zh: '找不到命令 "flock"，或无法锁定数据库，因此只有数据库旁的锁文件存在时才能发现第二个服务器；请安装 util-linux。',
    });
  }
  if (isNew) {
    log.warn(
      {
        en: `The database ${path} is new: it has no users, and recording begins now. If you expected users, check WGQL_DATABASE_URL and the current working directory.`,
        zh: `数据库 ${path} 是新建的：没有用户，从现在开始记录。如果应当有用户，请检查 WGQL_DATABASE_URL 和当前工作目录。`,
      },
      { database: path },
    );
    return;
  }
  const { totalUsers: users } = await store.overview.overview({ day: now, month: now });
  log.info(
    {
      en: `The database ${path} has ${users} users; its recording began at ${recordStart.toISOString()}.`,
      zh: `数据库 ${path} 有 ${users} 个用户；记录始于 ${recordStart.toISOString()}。`,
    },
    { database: path, users, recordStart },
  );
}

/** Makes the folders of the database and the key file private, and warns about those that are not. */
async function closeFoldersOf(log: Log, { databaseUrl, secretKeyFile }: Config): Promise<void> {
  for (const folder of await closeFolders(databasePath(databaseUrl), secretKeyFile)) {
    log.warn({
      en: `The folder ${folder} is accessible to other users and is not used by wgql alone, so its permissions were not changed; keep the database and the key file in a folder of their own.`,
      zh: `目录 ${folder} 可被其他用户访问，且不只供 wgql 使用，因此未更改其权限；请将数据库和密钥文件放在专用目录中。`,
    });
  }
}

/** Logs the URL of the server. */
export function logListening(
  log: Log,
  { demo, timeZone }: Config,
  listening: { readonly url: string; readonly version: string },
): void {
  if (demo)
    log.warn({
      en: 'This is a demo: the interfaces and users are simulated, and WireGuard is not accessed.',
      zh: '这是演示：接口和用户均为模拟，不会访问 WireGuard。',
    });
  const { url } = listening;
  log.info(
    { en: `wgql listens on ${url}`, zh: `wgql 正在监听 ${url}` },
    { ...listening, timeZone },
  );
}

/** Logs the URL of the listener for metrics, which needs no token. */
export function logMetrics(log: Log, { metricsListen }: Config, url: string): void {
  log.info(
    {
      en: `Metrics are at ${url}/metrics, without a token.`,
      zh: `指标位于 ${url}/metrics，无需令牌。`,
    },
    { url },
  );
  if (metricsListen === null || isLoopback(metricsListen.host)) return;
  log.warn({
    en: 'WGQL_METRICS_LISTEN is not a loopback address: everyone who can reach it can read when users are online and how much traffic they have; use a firewall, or /metrics of the main address with a token.',
    zh: 'WGQL_METRICS_LISTEN 不是回环地址：任何能访问它的人都能读取用户何时在线以及流量多少；请使用防火墙，或改用主地址的 /metrics 并使用令牌。',
  });
}

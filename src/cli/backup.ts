import { resolve } from 'node:path';
import { databasePath } from '../config/database-url.ts';
import { backUp } from '../store/files/backup.ts';
import { readArguments, type Shell, UsageError } from './shell.ts';
import { BACKUP_USAGE } from './usage.ts';

/** Copies the database, even while the server runs. */
export async function backupCommand({ config, say }: Shell, args: readonly string[]) {
  const { words } = readArguments(args, [], BACKUP_USAGE);
  const [word] = words;
  if (word === undefined || words.length > 1) {
    throw new UsageError(
      { en: 'Specify one file to write the backup to.', zh: '请指定一个用于写入备份的文件。' },
      BACKUP_USAGE,
    );
  }
  const file = resolve(word);
  await backUp(config.databaseUrl, file);
  const path = databasePath(config.databaseUrl);
  const { secretKeyFile } = config;
  say({
    en: `Copied the database ${path} to ${file}. The copy does not include the key file ${secretKeyFile} (WGQL_SECRET_KEY_FILE), which decrypts its preshared keys; keep a copy of that file in a separate place.`,
    zh: `已将数据库 ${path} 复制到 ${file}。副本不包含用于解密预共享密钥的密钥文件 ${secretKeyFile}（WGQL_SECRET_KEY_FILE）；请另行保存该文件的副本。`,
  });
}

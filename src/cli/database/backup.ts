import { resolve } from 'node:path';
import { databasePath } from '../../config/database-url.ts';
import { backUp } from '../../store/files/backup.ts';
import type { Answer, Shell } from '../shell.ts';

/** Copies the database, even while the server runs. */
export async function backupCommand({ config }: Shell, word: string): Promise<Answer> {
  const file = resolve(word);
  await backUp(config.databaseUrl, file);
  const path = databasePath(config.databaseUrl);
  const { secretKeyFile } = config;
  return {
    json: { database: path, file },
    note: {
      en: `Copied the database ${path} to ${file}. The copy does not include the key file ${secretKeyFile} (WGQL_SECRET_KEY_FILE), which decrypts its preshared keys; keep a copy of that file in a separate place.`,
      zh: `已将数据库 ${path} 复制到 ${file}。副本不包含用于解密预共享密钥的密钥文件 ${secretKeyFile}（WGQL_SECRET_KEY_FILE）；请另行保存该文件的副本。`,
    },
  };
}

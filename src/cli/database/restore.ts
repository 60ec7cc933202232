import { resolve } from 'node:path';
import { databasePath } from '../../config/database-url.ts';
import { restore } from '../../store/files/restore.ts';
import type { Answer, Shell } from '../shell.ts';

/** Replaces the database by a backup, and keeps the present one beside it. */
export async function restoreCommand({ config, now }: Shell, word: string): Promise<Answer> {
  const file = resolve(word);
  const path = databasePath(config.databaseUrl);
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 'YYYYmmddHHMMSS'.length);
  const kept = `${path}.${stamp}.backup`;
  const isKept = await restore(config.databaseUrl, file, kept);
  const [hint, hintZh] = isKept
    ? [` The database before it is kept as ${kept}.`, `原数据库已保存为 ${kept}。`]
    : ['', ''];
  const { secretKeyFile } = config;
  return {
    json: { database: path, file, kept: isKept ? kept : null },
    note: {
      en: `Restored ${path} from ${file}.${hint} Its preshared keys need the key file of that time as ${secretKeyFile}.`,
      zh: `已从 ${file} 恢复 ${path}。${hintZh}其预共享密钥需要当时的密钥文件 ${secretKeyFile}。`,
    },
  };
}

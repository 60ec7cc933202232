import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../config/package-folder.ts';
import { AppError, type Text } from '../../domain/errors.ts';

export const PRISMA_FOLDER = join(packageFolder(), 'prisma');
export const MIGRATIONS = join(PRISMA_FOLDER, 'migrations');

const INCOMPLETE: Text = {
  en: `The migrations in ${MIGRATIONS} cannot be read: this installation of wgql is incomplete. Install it again.`,
  zh: `无法读取 ${MIGRATIONS} 中的迁移：此 wgql 安装不完整。请重新安装。`,
};

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The migrations of this version, in order. */
export async function readMigrations(): Promise<Migration[]> {
  try {
    return await readFrom(MIGRATIONS);
  } catch (cause) {
    throw new AppError('UNAVAILABLE', INCOMPLETE, [], { cause });
  }
}

async function readFrom(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(folder, name, 'migration.sql'), 'utf8'),
    })),
  );
}

/** The checksum that Prisma stores for a migration. */
export function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}

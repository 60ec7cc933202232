import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** The folder that holds package.json. How far up it is differs: the built program is one file. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) {
    folder = dirname(folder);
  }
  return folder;
}

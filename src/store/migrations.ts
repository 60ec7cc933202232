import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PRISMA_FOLDER = fileURLToPath(new URL('../../prisma/', import.meta.url));
export const MIGRATIONS = join(PRISMA_FOLDER, 'migrations');

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The migrations of this version, in order. */
export async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8'),
    })),
  );
}

/** The checksum that Prisma keeps of a migration. */
export function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteAdapter } from '../database/adapter.ts';
import { MIGRATIONS } from './migrations.ts';
import { pendingMigration } from './schema-engine.ts';

/** Writes the difference between `schema.prisma` and the migrations as the next migration, for review. */
async function newMigration(name: string): Promise<string> {
  if (!/^[a-z0-9_]+$/.test(name)) {
    return 'Name the migration with lower-case letters, digits and _: npm run migration -- NAME';
  }
  const folder = await mkdtemp(join(tmpdir(), 'wgql-migration-'));
  const sql = await pendingMigration(sqliteAdapter(`file:${join(folder, 'empty.db')}`));
  await rm(folder, { recursive: true });
  if (sql === null) return 'The migrations already build what schema.prisma declares.';
  const numbers = (await readdir(MIGRATIONS)).map((entry) => Number(entry.slice(0, 4)) || 0);
  const number = String(Math.max(0, ...numbers) + 1).padStart(4, '0');
  const path = join(MIGRATIONS, `${number}_${name}`);
  await mkdir(path);
  await writeFile(join(path, 'migration.sql'), sql);
  return `Written to ${path}/migration.sql; a rename comes out as a drop and an add, to be edited by hand.`;
}

process.stdout.write(`${await newMigration(process.argv[2] ?? '')}\n`);

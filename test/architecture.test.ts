import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SRC = join(ROOT, 'src');

/** What the files of a folder may never import: folders of src, and packages. */
const NEVER: Record<string, readonly string[]> = {
  cli: [
    'wg',
    'live',
    'schema',
    'rest',
    'server',
    'generated',
    'graphql',
    'graphql-yoga',
    'graphql-ws',
    '@pothos/core',
    '@prisma/client',
    'express',
  ],
  access: [
    'wg',
    'store',
    'live',
    'resolvers',
    'schema',
    'rest',
    'server',
    'cli',
    'generated',
    'graphql',
    'graphql-yoga',
    'graphql-ws',
    '@pothos/core',
    '@prisma/client',
    'express',
    'node:http',
  ],
  wg: [
    'store',
    'live',
    'resolvers',
    'schema',
    'rest',
    'server',
    'generated',
    'graphql',
    'graphql-yoga',
    'graphql-ws',
    '@pothos/core',
    '@prisma/client',
    'express',
  ],
  store: [
    'live',
    'resolvers',
    'schema',
    'rest',
    'server',
    'graphql',
    'graphql-yoga',
    'graphql-ws',
    '@pothos/core',
    'express',
  ],
  live: [
    'wg',
    'store',
    'resolvers',
    'schema',
    'rest',
    'server',
    'generated',
    'graphql',
    'graphql-yoga',
    'graphql-ws',
    '@pothos/core',
    '@prisma/client',
    'express',
  ],
  resolvers: [
    'schema',
    'rest',
    'server',
    'generated',
    'graphql',
    'graphql-yoga',
    'graphql-ws',
    '@pothos/core',
    '@prisma/client',
    'express',
  ],
  schema: ['rest', 'server', 'wg', 'live', 'store', 'express', 'graphql-yoga', 'graphql-ws'],
  rest: [
    'schema',
    'server',
    'wg',
    'live',
    'store',
    'generated',
    'graphql',
    'graphql-yoga',
    '@pothos/core',
    '@prisma/client',
  ],
  server: ['wg', 'generated', '@prisma/client', '@pothos/core'],
};

/** The files that may read the environment or print. */
const SHELL = ['main.ts', 'production.ts'];

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(SRC, { recursive: true });
  return entries.filter((name) => name.endsWith('.ts') && !name.startsWith('generated'));
}

async function imports(): Promise<Import[]> {
  const found: Import[] = [];
  for (const file of await sourceFiles()) {
    const text = await readFile(join(SRC, file), 'utf8');
    const pattern = /^(?:import|export)\s(type\s)?[^;]*?from '([^']+)';|^import '([^']+)';/gms;
    for (const [, type, from, bare] of text.matchAll(pattern)) {
      const name = (from ?? bare) as string;
      const target = name.startsWith('.') ? relative(SRC, resolve(SRC, dirname(file), name)) : name;
      const folder = file.includes('/') ? (file.split('/')[0] as string) : '';
      found.push({ file, folder, target, isTypeOnly: type !== undefined });
    }
  }
  return found;
}

function reaches(target: string, forbidden: string): boolean {
  return target === forbidden || target.startsWith(`${forbidden}/`);
}

describe('the folders of src', () => {
  it.each(Object.entries(NEVER))('%s imports nothing it must not know', async (folder, never) => {
    const broken = (await imports())
      .filter((one) => one.folder === folder)
      .filter(({ target }) => never.some((forbidden) => reaches(target, forbidden)));
    expect(broken).toEqual([]);
  });

  it('server takes only contracts from the store', async () => {
    const broken = (await imports()).filter(
      ({ folder, target, isTypeOnly }) =>
        folder === 'server' && reaches(target, 'store') && !isTypeOnly,
    );
    expect(broken).toEqual([]);
  });

  it('are composed in app.ts alone', async () => {
    const composers = (await imports())
      .filter(({ target, isTypeOnly }) => target === 'store/index.ts' && !isTypeOnly)
      .map(({ file }) => file);
    expect(composers).toEqual(['app.ts']);
  });

  it('contain files that one can read in a sitting', async () => {
    const long: string[] = [];
    for (const file of await sourceFiles()) {
      const lines = (await readFile(join(SRC, file), 'utf8')).split('\n').length;
      if (lines > 250) long.push(`${file}: ${lines}`);
    }
    expect(long).toEqual([]);
  });

  it('read the environment and the real clock only at the rim', async () => {
    const broken: string[] = [];
    for (const file of await sourceFiles()) {
      const text = await readFile(join(SRC, file), 'utf8');
      if (/process\.env|console\./.test(text) && !SHELL.includes(file)) broken.push(file);
      if (/Date\.now\(|performance\.now\(|new Date\(\)/.test(text) && file !== 'clock.ts') {
        broken.push(file);
      }
    }
    expect(broken).toEqual([]);
  });
});

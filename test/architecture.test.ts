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

/** The files that may run programs: the lock has to hand over a handle of this process. */
const RUNS_PROGRAMS = ['wg/command/run.ts', 'store/database/server-lock.ts'];

/** The files that may read the environment or print. */
const SHELL = ['main.ts', 'production.ts'];

/** Of what the process shares, what says nothing about anybody. */
const OPEN_TO_DOORS = ['clock', 'calendar', 'startedAt', 'version'];

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

  it('reach what is kept through the resolvers alone, where roles are declared, from both doors', async () => {
    const context = await readFile(join(SRC, 'resolvers/context.ts'), 'utf8');
    const declared = /interface Services \{(.*?)\n\}/s.exec(context)?.[1] ?? '';
    const services = [...declared.matchAll(/readonly (\w+):/g)]
      .map(([, name]) => name as string)
      .filter((name) => !OPEN_TO_DOORS.includes(name));
    expect(services).toEqual(expect.arrayContaining(['store', 'access', 'secrets', 'bus']));
    const uses = new RegExp(`\\b(?:${services.join('|')})\\b`);
    const prose = /\/\*.*?\*\/|\/\/.*?$|(['"])(?:\\.|(?!\1)[^\\\n])*\1/gms;
    const broken: string[] = [];
    for (const file of await sourceFiles()) {
      if (!/^(?:schema|rest)\//.test(file)) continue;
      const code = (await readFile(join(SRC, file), 'utf8')).replaceAll(prose, "''");
      const [found] = uses.exec(code) ?? [];
      if (found !== undefined) broken.push(`${file}: ${found}`);
    }
    expect(broken).toEqual([]);
  });

  it('contain files that one can read in a sitting', async () => {
    const long: string[] = [];
    for (const file of await sourceFiles()) {
      const lines = (await readFile(join(SRC, file), 'utf8')).split('\n').length;
      if (lines > 250) long.push(`${file}: ${lines}`);
    }
    expect(long).toEqual([]);
  });

  it('set time limits in async/deadline.ts alone, and run programs in few places', async () => {
    const broken: string[] = [];
    for (const file of await sourceFiles()) {
      const text = await readFile(join(SRC, file), 'utf8');
      if (/AbortSignal\.(any|timeout)\(/.test(text)) broken.push(file);
      if (text.includes("'node:child_process'") && !RUNS_PROGRAMS.includes(file)) broken.push(file);
    }
    expect(broken).toEqual([]);
  });

  it('do not list addresses with os.networkInterfaces, which mixes names with members of objects', async () => {
    const broken: string[] = [];
    for (const file of await sourceFiles()) {
      const text = await readFile(join(SRC, file), 'utf8');
      if (/networkInterfaces\b.*from|networkInterfaces\(/.test(text)) broken.push(file);
    }
    expect(broken).toEqual([]);
  });

  it('read the environment and the real clock only at the rim', async () => {
    const broken: string[] = [];
    for (const file of await sourceFiles()) {
      const text = await readFile(join(SRC, file), 'utf8');
      if (/process\.env|console\./.test(text) && !SHELL.includes(file)) broken.push(file);
      if (
        /Date\.now\(|performance\.now\(|new Date\(\)/.test(text) &&
        file !== 'domain/time/clock.ts'
      ) {
        broken.push(file);
      }
    }
    expect(broken).toEqual([]);
  });
});

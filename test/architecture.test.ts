import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circlesIn, importsIn, reaches, readSources } from './fixtures/sources.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SRC = join(ROOT, 'src');

/** The folders of src that a folder may import, besides itself. Files in no folder put the rest together. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  http: [],
  async: ['domain'],
  live: ['domain'],
  config: ['domain'],
  import: ['domain'],
  metrics: ['domain'],
  tracing: ['domain'],
  access: ['config', 'domain'],
  wg: ['async', 'domain', 'tracing'],
  store: ['access', 'async', 'config', 'domain', 'generated', 'tracing'],
  webhooks: ['async', 'domain', 'live', 'store'],
  resolvers: [
    ...['access', 'async', 'config', 'domain', 'live', 'metrics', 'store', 'tracing', 'webhooks'],
    'wg',
  ],
  schema: ['async', 'domain', 'generated', 'resolvers'],
  rest: ['access', 'async', 'domain', 'http', 'resolvers'],
  server: [
    ...[
      'access',
      'async',
      'config',
      'domain',
      'http',
      'live',
      'metrics',
      'resolvers',
      'rest',
      'schema',
      'tracing',
    ],
  ],
  process: ['async', 'config', 'domain', 'store'],
  demo: ['domain', 'store', 'wg'],
  doctor: ['async', 'config', 'domain', 'store', 'wg'],
  cli: ['async', 'config', 'domain', 'import', 'resolvers', 'store'],
};

/** The same inside of a folder: the inner folders that an inner folder may import. */
const MAY_IMPORT_INSIDE: Readonly<Record<string, readonly string[]>> = {
  'wg/command': [],
  'wg/read': ['wg/command'],
  'wg/track': [],
  'wg/nft': ['wg/command'],
  'wg/enforce': ['wg/command', 'wg/nft', 'wg/read'],
  'store/access': ['store/database', 'store/failures'],
  'store/failures': [],
  'store/webhook': ['store/database', 'store/failures', 'store/lists'],
  'store/lists': ['store/database'],
  'store/current': ['store/database', 'store/lists'],
  'store/owned': ['store/current', 'store/database', 'store/lists', 'store/traffic'],
  'store/record': ['store/database', 'store/failures', 'store/traffic'],
  'store/traffic': ['store/database'],
  'store/enforcement': ['store/current', 'store/database', 'store/files', 'store/traffic'],
  'resolvers/token': [],
  'resolvers/login': [],
  'resolvers/pages': [],
  'resolvers/interface': [],
  'resolvers/user': ['resolvers/interface', 'resolvers/pages'],
  'resolvers/live': ['resolvers/overview', 'resolvers/user'],
  'resolvers/overview': [],
  'resolvers/import': ['resolvers/user'],
  'resolvers/metrics': ['resolvers/user'],
  'resolvers/webhook': ['resolvers/pages', 'resolvers/user'],
  'import/wgdashboard': [],
  'rest/contract': [],
  'rest/lists': ['rest/contract'],
  'rest/openapi': ['rest/contract'],
  'server/gate': [],
  'server/metrics': ['server/gate'],
  'server/live': [],
  'server/tracing': [],
  'server/client-page': [],
  'server/login': ['server/gate'],
  'server/backup': [],
  'server/graphql': ['server/gate', 'server/live', 'server/tracing'],
  'server/websocket': ['server/gate', 'server/graphql', 'server/live', 'server/tracing'],
  'domain/time': [],
  'domain/webhook': [],
  'domain/wireguard': [],
  'domain/tracking': ['domain/enforcement', 'domain/wireguard'],
  'domain/enforcement': ['domain/time', 'domain/tracking', 'domain/wireguard'],
};

/** The packages that a folder may import; a name that ends in `/` or `:` stands for all that begin so. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  domain: ['ipaddr.js', 'temporal-polyfill'],
  http: [],
  async: [],
  live: [],
  config: ['node:', 'zod'],
  metrics: ['prom-client'],
  tracing: ['@opentelemetry/', 'node:async_hooks'],
  import: ['better-sqlite3', 'node:fs/promises', 'node:path'],
  access: ['lru-cache', 'node:crypto', 'node:events', 'node:net'],
  wg: ['ipaddr.js', 'node:'],
  webhooks: ['node:'],
  store: ['@prisma/', 'better-sqlite3', 'lru-cache', 'node:'],
  resolvers: ['dataloader', 'node:net', 'node:timers/promises', 'uqr', 'zod'],
  schema: ['@pothos/', 'graphql'],
  rest: ['express', 'node:crypto', 'node:http', 'zod'],
  server: [
    ...['@escape.tech/', '@pothos/plugin-complexity', 'accepts', 'cors', 'express', 'graphql'],
    ...['graphql-ws', 'graphql-yoga', 'helmet', 'ipaddr.js', 'lru-cache', 'node:', 'ws'],
  ],
  process: ['node:stream', 'pino'],
  cli: [
    'commander',
    'node:fs',
    'node:fs/promises',
    'node:net',
    'node:path',
    'node:timers/promises',
  ],
  demo: ['node:crypto'],
  doctor: ['node:'],
};

/** So many files can be seen at a glance. The schema has one file a type. */
const MAX_FILES = 15;
const MAX_SCHEMA_FILES = 30;

/** The files that may run programs: the lock has to hand over a handle of this process. */
const RUNS_PROGRAMS = ['wg/command/run.ts', 'store/database/server-lock.ts'];

/** The files that may read the environment or print. */
const SHELL = ['main.ts'];

/** Of what the process shares, what says nothing about anybody. */
const OPEN_TO_APIS = ['clock', 'calendar', 'startedAt', 'version'];

const sources = await readSources(SRC, (name) => name.startsWith('generated'));
const sourceFiles = [...sources.keys()];
const textOf = (file: string): string => sources.get(file) ?? '';
const imports = importsIn(sources);

function innerFolderOf(path: string): string {
  return path.split('/').slice(0, -1).slice(0, 2).join('/');
}

describe('the folders of src', () => {
  it.each(Object.keys(MAY_IMPORT))('%s imports only permitted folders', async (folder) => {
    const broken = imports
      .filter((one) => one.folder === folder)
      .filter(({ target, isPackage }) => {
        const allowed = isPackage ? PACKAGES : MAY_IMPORT;
        return ![folder, ...(allowed[folder] ?? [])].some((known) =>
          /[/:]$/.test(known) ? target.startsWith(known) : reaches(target, known),
        );
      });
    expect(broken).toEqual([]);
  });

  it('import only packages that a start installs, and none that are only for tests', async () => {
    const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const broken = imports
      .filter(({ target, isPackage }) => isPackage && !target.startsWith('node:'))
      .filter(
        ({ target }) => !((/^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] as string) in dependencies),
      )
      .map(({ file, target }) => `${file}: ${target}`);
    expect(broken).toEqual([]);
  });

  it('are all in the list of permitted imports', async () => {
    const folders = new Set(imports.map(({ folder }) => folder));
    expect([...folders].filter((name) => name !== '').sort()).toEqual(
      Object.keys(MAY_IMPORT).sort(),
    );
  });

  it.each(Object.keys(MAY_IMPORT_INSIDE))(
    '%s imports only permitted subfolders',
    async (folder) => {
      const [parent = ''] = folder.split('/');
      const broken = imports
        .filter(({ file }) => innerFolderOf(file) === folder)
        .filter(({ target }) => target.startsWith(`${parent}/`))
        .filter(({ target }) => {
          const inner = innerFolderOf(target);
          const allowed = [folder, parent, ...(MAY_IMPORT_INSIDE[folder] ?? [])];
          return !allowed.includes(inner);
        });
      expect(broken).toEqual([]);
    },
  );

  it('contain no import cycles', async () => {
    expect(circlesIn(imports)).toEqual([]);
  });

  it('contain no more files than the limit', async () => {
    const counts = new Map<string, number>();
    for (const file of sourceFiles) {
      const folder = dirname(file);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const full = [...counts].filter(
      ([folder, count]) => count > (folder === 'schema' ? MAX_SCHEMA_FILES : MAX_FILES),
    );
    expect(full).toEqual([]);
  });

  it('are connected only in app.ts', async () => {
    const composers = imports
      .filter(({ target, isTypeOnly }) => target === 'store/index.ts' && !isTypeOnly)
      .map(({ file }) => file);
    expect(composers).toEqual(['app.ts']);
  });

  it('access stored data from both APIs only through the resolvers, which declare roles', async () => {
    const context = textOf('resolvers/context.ts');
    const declared = /interface Services \{(.*?)\n\}/s.exec(context)?.[1] ?? '';
    const services = [...declared.matchAll(/readonly (\w+):/g)]
      .map(([, name]) => name as string)
      .filter((name) => !OPEN_TO_APIS.includes(name));
    expect(services).toEqual(expect.arrayContaining(['store', 'access', 'secrets', 'bus']));
    const uses = new RegExp(`\\b(?:${services.join('|')})\\b`);
    const prose = /\/\*.*?\*\/|\/\/.*?$|(['"])(?:\\.|(?!\1)[^\\\n])*\1/gms;
    const broken: string[] = [];
    for (const file of sourceFiles) {
      if (!/^(?:schema|rest)\//.test(file)) continue;
      const code = textOf(file).replaceAll(prose, "''");
      const [found] = uses.exec(code) ?? [];
      if (found !== undefined) broken.push(`${file}: ${found}`);
    }
    expect(broken).toEqual([]);
  });

  it('load OpenTelemetry only where traces are asked for', async () => {
    const ofTypes = imports
      .filter(({ target, isTypeOnly }) => target.startsWith('@opentelemetry/') && !isTypeOnly)
      .map(({ file }) => file);
    expect([...new Set(ofTypes)]).toEqual(['tracing/otlp.ts']);
    const users = imports.filter(({ target }) => target === 'tracing/otlp.ts');
    expect(users).toEqual([]);
  });

  it('contain no file longer than the limit', async () => {
    const long: string[] = [];
    for (const file of sourceFiles) {
      const lines = textOf(file).split('\n').length;
      if (lines > 250) long.push(`${file}: ${lines}`);
    }
    expect(long).toEqual([]);
  });

  it('set time limits only in async/deadline.ts, and run programs in few places', async () => {
    const broken: string[] = [];
    for (const file of sourceFiles) {
      const text = textOf(file);
      if (/AbortSignal\.(any|timeout)\(/.test(text)) broken.push(file);
      if (text.includes("'node:child_process'") && !RUNS_PROGRAMS.includes(file)) broken.push(file);
    }
    expect(broken).toEqual([]);
  });

  it('do not list addresses with os.networkInterfaces, which mixes names with members of objects', async () => {
    const broken: string[] = [];
    for (const file of sourceFiles) {
      const text = textOf(file);
      if (/networkInterfaces\b.*from|networkInterfaces\(/.test(text)) broken.push(file);
    }
    expect(broken).toEqual([]);
  });

  it('read the environment and the real clock only in the outermost files', async () => {
    const broken: string[] = [];
    for (const file of sourceFiles) {
      const text = textOf(file);
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

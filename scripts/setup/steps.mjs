/**
 * The steps in order. A step is due when `inputs` have changed since its last success or `output` is missing.
 * `run` returns the name of a failure, or null. Steps that are for tests are left out of a start.
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { install, installTools } from './install.mjs';
import { filesUnder } from './notes.mjs';
import { run } from './run.mjs';

const schema = () => ['package-lock.json', 'prisma.config.ts', ...filesUnder('prisma')];
/** The generated ones are ten times the size of the others, and `schema` already stands for them. */
const sources = () => filesUnder('src').filter((file) => !file.startsWith('src/generated/'));
/** What the dashboard is built of: all that is in web/ but what npm and the build write there. */
const webSources = () =>
  readdirSync('web')
    .filter((name) => !['node_modules', 'dist'].includes(name))
    .flatMap((name) =>
      statSync(join('web', name)).isFile() ? [join('web', name)] : filesUnder(join('web', name)),
    );
const isDocument = (file) => file.endsWith('.graphql');
const lockFilesIn = (folder) => () =>
  ['package.json', 'package-lock.json'].map((file) => join(folder, file));

/** Some tools write only to a folder that exists. */
function renew(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** Starts scripts, one after another, with the running Node.js, because PATH may hold another one. */
const tools =
  (...commands) =>
  async ({ name, output }) => {
    for (const command of commands) {
      // The last one writes the output, and would leave behind what it made from files that are gone.
      if (command === commands.at(-1)) renew(dirname(output));
      if (!(await run(name, process.execPath, ...command))) return 'step';
    }
    return null;
  };

export const steps = [
  {
    name: 'install',
    inputs: lockFilesIn('.'),
    output: 'node_modules/.package-lock.json',
    run: install,
  },
  {
    name: 'install-tests',
    inputs: lockFilesIn('.'),
    output: 'node_modules/.package-lock.json',
    run: install,
    isForTests: true,
  },
  {
    name: 'install-web',
    inputs: lockFilesIn('web'),
    output: 'web/node_modules/.package-lock.json',
    run: installTools('web'),
  },
  {
    name: 'install-linter',
    inputs: lockFilesIn('scripts/lint'),
    // Always there: where there is no linter for the system, npm writes nothing.
    output: 'scripts/lint/package.json',
    run: installTools('scripts/lint'),
    isForTests: true,
  },
  {
    name: 'install-clients',
    inputs: lockFilesIn('test/clients'),
    output: 'test/clients/node_modules/.package-lock.json',
    run: installTools('test/clients'),
    isForTests: true,
  },
  {
    name: 'generate',
    inputs: schema,
    output: 'src/generated/pothos.ts',
    run: tools(['node_modules/prisma/build/index.js', 'generate', '--no-hints']),
  },
  {
    name: 'build',
    inputs: () => [
      ...[...schema(), ...sources()],
      ...[
        'tsconfig.json',
        'tsconfig.build.json',
        'scripts/bundle.mjs',
        'scripts/bundle-options.mjs',
      ],
    ],
    output: 'dist/main.js',
    run: tools(
      ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
      ['scripts/bundle.mjs'],
    ),
  },
  {
    name: 'codegen',
    inputs: () => [
      ...['package-lock.json', 'codegen.ts', 'schema.graphql'],
      ...[...filesUnder('test/graphql/documents'), ...webSources()].filter(isDocument),
    ],
    output: 'test/generated/graphql.ts',
    run: tools(['node_modules/@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.ts']),
    isForTests: true,
  },
  {
    name: 'web',
    inputs: () => [
      'package-lock.json',
      'schema.graphql',
      ...filesUnder('scripts/web'),
      ...webSources(),
    ],
    output: 'web/dist/index.html',
    run: tools(['scripts/web.mjs']),
  },
  {
    name: 'rest-client',
    inputs: () => ['test/clients/package-lock.json', 'openapi.json'],
    output: 'test/clients/rest/generated/openapi.ts',
    run: tools([
      'test/clients/node_modules/openapi-typescript/bin/cli.js',
      'openapi.json',
      '--output=test/clients/rest/generated/openapi.ts',
    ]),
    isForTests: true,
  },
  {
    name: 'tada-client',
    inputs: () => [
      ...['test/clients/package-lock.json', 'schema.graphql'],
      'test/clients/tada/tsconfig.json',
    ],
    output: 'test/clients/tada/generated/graphql-env.d.ts',
    run: tools([
      ...['test/clients/node_modules/gql.tada/bin/cli.js', 'generate-output'],
      ...['--tsconfig', 'test/clients/tada/tsconfig.json'],
    ]),
    isForTests: true,
  },
  {
    name: 'relay-client',
    inputs: () => [
      ...['test/clients/package-lock.json', 'schema.graphql'],
      ...['relay.config.json', 'Fleet.ts'].map((file) => `test/clients/relay/${file}`),
    ],
    output: 'test/clients/relay/generated/FleetQuery.graphql.ts',
    run: tools([
      'test/clients/node_modules/relay-compiler/cli.js',
      'test/clients/relay/relay.config.json',
    ]),
    isForTests: true,
  },
];

/**
 * Generates the database client and the types that the GraphQL schema builds on, both from
 * prisma/schema.prisma. The result is not in git, so that it cannot disagree with its source.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { commandOf, NOTES, packageJson } from './paths.mjs';
import { readLog, SetupError, say } from './report.mjs';
import { runNode } from './run.mjs';
import { filesUnder, hashOf } from './stamp.mjs';

const OUTPUT = 'src/generated';
const LOG = join(NOTES, 'generate.log');
const GENERATORS = ['prisma', '@prisma/client', '@pothos/plugin-prisma'];

export function generateHash() {
  return hashOf({
    files: ['prisma.config.ts', ...filesUnder('prisma').filter((file) => file.endsWith('.prisma'))],
    facts: GENERATORS.map((name) => packageJson(name)?.version),
  });
}

/**
 * Prisma looks for its schema engine, a binary it would download, before it generates anything,
 * yet does not call it. Any program that exists keeps it from the download.
 */
const env = () => ({
  // npm puts it there, but whoever calls this script directly has no npm around it.
  PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
  PRISMA_SCHEMA_ENGINE_BINARY: existsSync('/bin/true') ? '/bin/true' : process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
});

async function runGenerate() {
  say('generate: database client and types from prisma/schema.prisma');
  rmSync(OUTPUT, { recursive: true, force: true });
  const script = commandOf('prisma', 'prisma');
  if ((await runNode(script, ['generate', '--no-hints'], { log: LOG, env: env() })) !== 0) {
    throw new SetupError(`prisma generate failed:\n${readLog(LOG)}`);
  }
}

export const generate = {
  name: 'generate',
  hash: generateHash,
  isPresent: () => existsSync(OUTPUT) && readdirSync(OUTPUT).length > 0,
  run: runGenerate,
};

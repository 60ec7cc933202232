/** Generates the types of the GraphQL documents that the tests send, from the checked-in schema. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf, NOTES, packageJson } from './paths.mjs';
import { readLog, SetupError, say } from './report.mjs';
import { runNode } from './run.mjs';
import { filesUnder, hashOf } from './stamp.mjs';

const OUTPUT = join('test', 'generated');
const LOG = join(NOTES, 'codegen.log');
const CONFIG = 'codegen.ts';
const GENERATORS = ['@graphql-codegen/cli', '@graphql-codegen/client-preset'];

/** Undefined, so never due, without a configuration. */
function hash() {
  if (!existsSync(CONFIG)) return undefined;
  const documents = filesUnder('test', [OUTPUT]).filter((file) => file.endsWith('.graphql'));
  return hashOf({
    files: [CONFIG, 'schema.graphql', ...documents],
    facts: GENERATORS.map((name) => packageJson(name)?.version),
  });
}

async function runCodegen() {
  say('codegen: types of the GraphQL documents in test/');
  rmSync(OUTPUT, { recursive: true, force: true });
  const script = commandOf('@graphql-codegen/cli', 'graphql-codegen');
  if ((await runNode(script, ['--config', CONFIG], { log: LOG })) !== 0) {
    throw new SetupError(`graphql-codegen failed:\n${readLog(LOG)}`);
  }
}

export const codegen = {
  name: 'codegen',
  hash,
  isPresent: () => existsSync(OUTPUT) && readdirSync(OUTPUT).length > 0,
  run: runCodegen,
};

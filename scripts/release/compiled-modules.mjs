/** The compiled SQLite modules, one for each version of Node.js: a module fits only one binary interface. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasObjectHooks, MODULE } from '../sqlite/compiled-module.mjs';

/** https://github.com/nodejs/node/blob/main/doc/abi_version_registry.json */
const NODE_OF_INTERFACE = { 115: 20, 127: 22, 131: 23, 137: 24, 141: 25 };

/** The version of Node.js that a module was compiled for, by the name of the function that registers it. */
function nodeOf(file) {
  const [, version] = /node_register_module_v(\d+)/.exec(readFileSync(file, 'latin1')) ?? [];
  const node = NODE_OF_INTERFACE[version];
  if (node === undefined) throw new Error(`${file} is not a module for a known Node.js.`);
  return node;
}

/** Copies the module of the installed better-sqlite3, and those of `others`, to `folder`. */
export function copyCompiledModules(folder, others) {
  for (const file of [MODULE, ...others]) {
    if (hasObjectHooks(file)) {
      throw new Error(`${file} can end the process: compile it as scripts/sqlite/ says.`);
    }
    copyFileSync(file, join(folder, `better_sqlite3-node${nodeOf(file)}.node`));
  }
}

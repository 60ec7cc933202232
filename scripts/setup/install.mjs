/**
 * Installs the dependencies. Only the SQLite module is not plain JavaScript: where its binary cannot be
 * downloaded it is compiled, which takes most of the time and needs system packages.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { hasObjectHooks, MODULE } from '../sqlite/compiled-module.mjs';
import { say } from './failure.mjs';
import { readLog } from './notes.mjs';
import { run } from './run.mjs';

const NETWORK =
  '(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|fetch failed|network connectivity)';

const jsonOf = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Whether what the lock file of a folder asks for, and its package.json with it, is installed already: by npm that
 * was run by hand, or for the tests, which need all that a start needs. Packages that only tests need are checked
 * only for them.
 */
function matchesLockFile(folder, { tests }) {
  const packagesOf = (file) => jsonOf(join(folder, file)).packages;
  const { '': locked, ...wanted } = packagesOf('package-lock.json');
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const declared = jsonOf(join(folder, 'package.json'));
  if (!kinds.every((kind) => isDeepStrictEqual(declared[kind], locked[kind]))) return false;
  try {
    const found = packagesOf('node_modules/.package-lock.json');
    // Optional packages of other systems are not installed.
    return Object.entries(wanted).every(([path, { integrity, optional, dev }]) =>
      path in found ? found[path].integrity === integrity : optional || (dev && !tests),
    );
  } catch {
    return false;
  }
}

/** Whether it loads is tried in a child process, because a module built for another Node.js may end its process. */
const sqliteWorks = async (step) =>
  (await run(
    step,
    process.execPath,
    '-e',
    "new (require('better-sqlite3'))(':memory:').close()",
  )) && !hasObjectHooks(MODULE);

/** Overrides `npm --silent start`, which keeps the reason of a failure out of the log. */
const npm = (step, ...args) =>
  run(step, 'npm', '--loglevel=notice', ...args, '--no-audit', '--no-fund');

/**
 * Makes the SQLite module again, and returns whether it works. It does not if it was made for another Node.js, if npm is
 * set to run no install scripts, or if the one that was downloaded can end the process.
 */
async function rebuildSqlite(step) {
  say(`${step}: npm rebuild better-sqlite3, as its module does not work with this Node.js`);
  const isUnsafe = existsSync(MODULE) && hasObjectHooks(MODULE);
  await run(
    ...[step, 'env', `npm_config_build_from_source=${isUnsafe}`, 'npm', '--loglevel=notice'],
    ...['rebuild', 'better-sqlite3', '--ignore-scripts=false'],
  );
  return sqliteWorks(step);
}

/** The log of a failed compilation also has the failed download before it, so it is checked first. */
function reasonIn(log) {
  const has = (pattern) => new RegExp(pattern).test(log);
  const isNative = has('npm error path .*better-sqlite3');
  if (isNative) return has(`gyp ERR!.*${NETWORK}`) ? 'headers' : 'compiler';
  return has(`npm error.*${NETWORK}`) ? 'registry' : 'step';
}

/** Installs what a start needs, and with `tests` also what only tests need. */
export async function install({ name }, { tests }) {
  // esbuild and TypeScript have their programs in optional packages.
  const kinds = [tests ? '--include=dev' : '--omit=dev', '--include=optional'];
  const isInstalled = matchesLockFile('.', { tests: false });
  if (isInstalled && ((await sqliteWorks(name)) || (await rebuildSqlite(name)))) {
    if (matchesLockFile('.', { tests })) return null;
    say(`${name}: npm install, which keeps the SQLite module`);
    return (await npm(name, 'install', '--no-save', ...kinds)) ? null : reasonIn(readLog(name));
  }
  say(`${name}: npm ci; this can take 2 minutes, as the SQLite module may have to be compiled`);
  if (!(await npm(name, 'ci', ...kinds))) return reasonIn(readLog(name));
  return (await sqliteWorks(name)) || (await rebuildSqlite(name)) ? null : 'compiler';
}

/**
 * Installs a package of tools, which has a lock file of its own, because a start must not install it. None of them
 * needs its install scripts.
 */
export const installTools =
  (folder) =>
  async ({ name }, { tests }) => {
    if (matchesLockFile(folder, { tests })) return null;
    const args = ['ci', '--prefix', folder, '--prefer-offline', '--ignore-scripts'];
    return (await npm(name, ...args)) ? null : reasonIn(readLog(name));
  };

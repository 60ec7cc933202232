/**
 * Installs the dependencies. Only the SQLite module is not plain JavaScript: where its binary cannot be
 * downloaded it is compiled, which takes most of the time and needs system packages.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { say } from './failure.mjs';
import { readLog } from './notes.mjs';
import { run } from './run.mjs';

const NETWORK =
  '(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|fetch failed|network connectivity)';

const jsonOf = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Whether what the lock file asks for, and package.json with it, is installed already: by npm that was run by hand,
 * or for the tests, which need all that a start needs. Packages that only tests need are checked only for them.
 */
function matchesLockFile(installed, { tests }) {
  const packagesOf = (file) => jsonOf(file).packages;
  const { '': locked, ...wanted } = packagesOf('package-lock.json');
  const kinds = ['dependencies', 'devDependencies'];
  const declared = jsonOf('package.json');
  if (!kinds.every((kind) => isDeepStrictEqual(declared[kind], locked[kind]))) return false;
  try {
    const found = packagesOf(installed);
    // Optional packages of other systems are not installed.
    return Object.entries(wanted).every(([path, { integrity, optional, dev }]) =>
      path in found ? found[path].integrity === integrity : optional || (dev && !tests),
    );
  } catch {
    return false;
  }
}

/** In a child process, because a module built for another Node.js may end its process. */
const sqliteLoads = (step) =>
  run(step, process.execPath, '-e', "new (require('better-sqlite3'))(':memory:').close()");

/** Overrides `npm --silent start`, which keeps the reason of a failure out of the log. */
const npm = (step, ...args) =>
  run(step, 'npm', '--loglevel=notice', ...args, '--no-audit', '--no-fund');

/** The log of a failed compilation also has the failed download before it, so it is checked first. */
function reasonIn(log) {
  const has = (pattern) => new RegExp(pattern).test(log);
  const isNative = has('npm error path .*better-sqlite3');
  if (isNative) return has(`gyp ERR!.*${NETWORK}`) ? 'headers' : 'compiler';
  return has(`npm error.*${NETWORK}`) ? 'registry' : 'step';
}

/** Installs what a start needs, and with `tests` also what only tests need. */
export async function install({ name, output }, { tests }) {
  // esbuild and TypeScript have their programs in optional packages.
  const kinds = [tests ? '--include=dev' : '--omit=dev', '--include=optional'];
  if (matchesLockFile(output, { tests: false }) && (await sqliteLoads(name))) {
    if (matchesLockFile(output, { tests })) return null;
    say(`${name}: npm install, which keeps the SQLite module`);
    return (await npm(name, 'install', '--no-save', ...kinds)) ? null : reasonIn(readLog(name));
  }
  say(`${name}: npm ci; this can take 2 minutes, as the SQLite module may have to be compiled`);
  if (!(await npm(name, 'ci', ...kinds))) return reasonIn(readLog(name));
  if (await sqliteLoads(name)) return null;
  say(`${name}: npm rebuild better-sqlite3, as npm is set to run no install scripts`);
  await npm(name, 'rebuild', 'better-sqlite3', '--ignore-scripts=false');
  return (await sqliteLoads(name)) ? null : 'compiler';
}

/** Installs the linter. It has a lock file of its own, because a start must not install it. */
export async function installLinter({ name }) {
  // It is optional there: on a system that it does not support, nothing is installed.
  const isInstalled = await npm(name, 'ci', '--prefix', 'scripts/lint', '--prefer-offline');
  return isInstalled ? null : reasonIn(readLog(name));
}

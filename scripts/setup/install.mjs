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

/** Whether npm, run by hand, has already installed what the lock file asks for, and package.json with it. */
function matchesLockFile(installed) {
  const packagesOf = (file) => jsonOf(file).packages;
  const { '': locked, ...wanted } = packagesOf('package-lock.json');
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const declared = jsonOf('package.json');
  if (!kinds.every((kind) => isDeepStrictEqual(declared[kind], locked[kind]))) return false;
  try {
    const found = packagesOf(installed);
    // Optional packages of other systems are not installed.
    return Object.entries(wanted).every(([path, { integrity, optional }]) =>
      path in found ? found[path].integrity === integrity : optional,
    );
  } catch {
    return false;
  }
}

/** In a child process, because a module built for another Node.js may end its process. */
const sqliteLoads = () =>
  run('install', process.execPath, '-e', "new (require('better-sqlite3'))(':memory:').close()");

/** Overrides `npm --silent start`, which keeps the reason of a failure out of the log. */
const npm = (...args) => run('install', 'npm', '--loglevel=notice', ...args);

/** The log of a failed compilation also has the failed download before it, so it is checked first. */
function reasonIn(log) {
  const has = (pattern) => new RegExp(pattern).test(log);
  const isNative = has('npm error path .*better-sqlite3');
  if (isNative) return has(`gyp ERR!.*${NETWORK}`) ? 'headers' : 'compiler';
  return has(`npm error.*${NETWORK}`) ? 'registry' : 'step';
}

export async function install({ output }) {
  if (matchesLockFile(output) && (await sqliteLoads())) return null;
  say('install: npm ci; this can take 2 minutes, as the SQLite module may have to be compiled');
  // NODE_ENV=production would leave out the compiler that the build needs.
  const kinds = ['--include=dev', '--include=optional'];
  if (!(await npm('ci', ...kinds, '--no-audit', '--no-fund'))) return reasonIn(readLog('install'));
  if (await sqliteLoads()) return null;
  say('install: npm rebuild better-sqlite3, as npm is set to run no install scripts');
  await npm('rebuild', 'better-sqlite3', '--ignore-scripts=false');
  return (await sqliteLoads()) ? null : 'compiler';
}

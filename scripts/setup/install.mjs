/**
 * Installs the dependencies. The only one that is not plain JavaScript is the SQLite module: where
 * its ready-made binary cannot be downloaded it is compiled, which takes most of the time and is
 * the one thing that can fail for want of a system package.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { explainInstallFailure, nativeMessage } from './install-failure.mjs';
import { NOTES } from './paths.mjs';
import { SetupError, say } from './report.mjs';
import { run } from './run.mjs';
import { hashOf } from './stamp.mjs';

const LOG = join(NOTES, 'install.log');
const NATIVE = 'better-sqlite3';

/** Only what decides about node_modules: a changed script must not cost a new installation. */
function dependencyFields() {
  const { dependencies, devDependencies, optionalDependencies, overrides, allowScripts } =
    JSON.parse(readFileSync('package.json', 'utf8'));
  return { dependencies, devDependencies, optionalDependencies, overrides, allowScripts };
}

/** Also covers the system and Node.js's binary interface: the compiled module fits only one. */
function hash() {
  const { modules } = process.versions;
  return hashOf({
    files: ['package-lock.json'],
    facts: [dependencyFields(), process.platform, process.arch, modules],
  });
}

/**
 * Whether node_modules, put there by hand with `npm ci`, already is what the lock file asks for.
 * npm keeps a list of what it installed; optional packages of other systems are missing from it.
 */
function matchesLockFile() {
  try {
    const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
    const present = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
    return Object.entries(wanted).every(
      ([path, { version, integrity, optional }]) =>
        path === '' ||
        (path in present
          ? present[path].version === version && present[path].integrity === integrity
          : optional === true),
    );
  } catch {
    return false;
  }
}

/** In a child process, since a module built for another Node.js may take its process down. */
async function nativeLoads() {
  const probe = `new (require('${NATIVE}'))(':memory:').close()`;
  const log = join(NOTES, 'native.log');
  return (await run(process.execPath, ['--eval', probe], { log })) === 0;
}

/** Headers that lie beside the running Node.js spare the compiler's set-up a download. */
function headersEnv() {
  const home = join(dirname(process.execPath), '..');
  const found = existsSync(join(home, 'include/node/node.h'));
  return found && !process.env.npm_config_nodedir ? { npm_config_nodedir: home } : {};
}

/** The npm that called us if one did, else the one in PATH. */
function npm(args, append) {
  const caller = process.env.npm_execpath ?? '';
  const options = {
    log: LOG,
    append,
    // The engine binaries of Prisma's own install script are not used here (see generate.mjs);
    // older versions of npm run that script in spite of `allowScripts`.
    env: { ...headersEnv(), PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
  };
  // `npm --silent start` would otherwise keep the reason of a failure out of the log.
  const all = [...args, '--loglevel=notice'];
  return basename(caller) === 'npm-cli.js'
    ? run(process.execPath, [caller, ...all], options)
    : run('npm', all, { ...options, shell: process.platform === 'win32' });
}

async function runInstall() {
  if (matchesLockFile() && (await nativeLoads())) {
    say('install: node_modules already holds what package-lock.json asks for');
    return;
  }
  say('install: npm ci; this can take 2 minutes, as the SQLite module may have to be compiled');
  // Named explicitly: NODE_ENV=production would leave out the compiler that the build needs.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  if ((await npm(args, false)) !== 0) throw new SetupError(explainInstallFailure(LOG));
  if (await nativeLoads()) return;
  // npm can be told to run no install scripts at all; this one is needed.
  say(`install: npm rebuild ${NATIVE}, as its install script has not run`);
  const rebuilt = await npm(['rebuild', NATIVE, '--ignore-scripts=false'], true);
  if (rebuilt !== 0 || !(await nativeLoads())) throw new SetupError(nativeMessage(LOG));
}

export const install = {
  name: 'install',
  hash,
  isPresent: () => existsSync('node_modules/.package-lock.json'),
  run: runInstall,
};

#!/usr/bin/env node
/**
 * The command `wgql` of an installation. It is CommonJS and has only old syntax, so that an old Node.js prints the
 * sentence that asks for a newer one.
 */
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major === 24;

/** The versions of Node.js that the compiled modules are for. There are none in the npm package. */
const compiledFor = readdirSync(join(__dirname, 'lib'))
  .map((name) => /^better_sqlite3-node(\d+)\.node$/.exec(name))
  .filter((match) => match !== null)
  .map((match) => Number(match[1]))
  .sort((a, b) => a - b);

/** The folder of the package better-sqlite3 that npm installed. */
function sqlitePackage() {
  return dirname(require.resolve('better-sqlite3/package.json'));
}

/**
 * 'unsafe': npm compiled the SQLite module with headers of Node.js 24.19 or newer, with which it ends the process
 * (docs/adr/0027). 'missing': npm was set to run no install scripts.
 */
function stateOfModule() {
  const file = join(sqlitePackage(), 'build', 'Release', 'better_sqlite3.node');
  if (!existsSync(file)) return 'missing';
  return readFileSync(file, 'latin1').includes('RemoveEnvironmentCleanupHook') ? 'unsafe' : 'good';
}

/** A word of a shell command. */
function quoted(text) {
  return `'${text.split("'").join("'\\''")}'`;
}

function refuse(en, zh) {
  console.error(`${en}\n${zh}`);
  process.exitCode = 1;
}

if (!supported) {
  refuse(
    `wgql needs Node.js 24, 22.12 or newer of the 22 series, or 20.19 or newer of the 20 series, and this is ${process.version}.`,
    `wgql 需要 Node.js 24、22 系列的 22.12 或更高版本，或 20 系列的 20.19 或更高版本，当前是 ${process.version}。`,
  );
} else if (compiledFor.length > 0 && !compiledFor.includes(major)) {
  const versions = compiledFor.join(', ');
  refuse(
    `The SQLite module of this archive is for Node.js ${versions}, and this is ${process.version}: run wgql with one of these versions, or install it with npm.`,
    `此压缩包中的 SQLite 模块适用于 Node.js ${versions}，当前是 ${process.version}：请使用其中一个版本运行 wgql，或通过 npm 安装。`,
  );
} else {
  const state = compiledFor.length > 0 ? 'good' : stateOfModule();
  if (state === 'good') {
    import('./lib/main.mjs');
  } else {
    // The shell removes the outer quotes, and that of make the inner ones.
    const flags = quoted(`-include ${quoted(join(__dirname, 'lib', 'no-object-hooks.h'))}`);
    const command = `cd ${quoted(sqlitePackage())} && CXXFLAGS=${flags} npm run build-release`;
    refuse(
      state === 'unsafe'
        ? `The installed SQLite module can end wgql at any time; compile it again: ${command}`
        : `npm installed no SQLite module; compile it: ${command}`,
      state === 'unsafe'
        ? `已安装的 SQLite 模块随时可能使 wgql 退出；请重新编译：${command}`
        : `npm 未安装 SQLite 模块；请编译：${command}`,
    );
  }
}

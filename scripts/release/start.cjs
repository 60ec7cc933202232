#!/usr/bin/env node
/**
 * The command `wgql` of an installation. It is CommonJS and has only old syntax, so that an old Node.js prints the
 * sentence that asks for a newer one.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major === 24;

/** The versions of Node.js that the compiled modules are for. There are none in the npm package. */
const compiledFor = readdirSync(join(__dirname, 'lib'))
  .map((name) => /^better_sqlite3-node(\d+)\.node$/.exec(name))
  .filter((match) => match !== null)
  .map((match) => Number(match[1]))
  .sort((a, b) => a - b);

/**
 * The folder of the package better-sqlite3 if npm compiled it with headers of Node.js 24.19 or newer, with which it ends
 * the process (docs/adr/0027), or null.
 */
function unsafePackage() {
  const folder = dirname(require.resolve('better-sqlite3/package.json'));
  const file = join(folder, 'build', 'Release', 'better_sqlite3.node');
  return readFileSync(file, 'latin1').includes('RemoveEnvironmentCleanupHook') ? folder : null;
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
  const unsafe = compiledFor.length > 0 ? null : unsafePackage();
  if (unsafe === null) {
    import('./lib/main.mjs');
  } else {
    const header = join(__dirname, 'lib', 'no-object-hooks.h');
    const command = `cd ${unsafe} && CXXFLAGS="-include ${header}" npm run build-release`;
    refuse(
      `The installed SQLite module can end wgql at any time; compile it again: ${command}`,
      `已安装的 SQLite 模块随时可能使 wgql 退出；请重新编译：${command}`,
    );
  }
}

#!/usr/bin/env node
/**
 * The command `wgql` of an installation. It is CommonJS and has only old syntax, so that an old Node.js prints the
 * sentence that asks for a newer one.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
// Later series are refused as well: the SQLite module ends the process there (docs/adr/0024).
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12);

/** The versions of Node.js that the compiled modules are for. There are none in the npm package. */
const compiledFor = readdirSync(join(__dirname, 'lib'))
  .map((name) => /^better_sqlite3-node(\d+)\.node$/.exec(name))
  .filter((match) => match !== null)
  .map((match) => Number(match[1]))
  .sort((a, b) => a - b);

function refuse(en, zh) {
  console.error(`${en}\n${zh}`);
  process.exitCode = 1;
}

if (!supported) {
  refuse(
    `wgql needs Node.js 22.12 or newer of the 22 series, or 20.19 or newer of the 20 series, and this is ${process.version}.`,
    `wgql 需要 22 系列的 Node.js 22.12 或更高版本，或 20 系列的 20.19 或更高版本，当前是 ${process.version}。`,
  );
} else if (compiledFor.length > 0 && !compiledFor.includes(major)) {
  const versions = compiledFor.join(', ');
  refuse(
    `The SQLite module of this archive is for Node.js ${versions}, and this is ${process.version}: run wgql with one of these versions, or install it with npm.`,
    `此压缩包中的 SQLite 模块适用于 Node.js ${versions}，当前是 ${process.version}：请使用其中一个版本运行 wgql，或通过 npm 安装。`,
  );
} else {
  import('./lib/main.mjs');
}

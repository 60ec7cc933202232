#!/usr/bin/env node
/**
 * Installs, generates and builds what is missing or out of date. With `--run` the program then runs in this
 * process, so that a signal sent to it reaches the program. There are no static imports and only old syntax
 * here, so that an old Node.js prints the sentence that asks for a newer one.
 */
const [major, minor] = process.versions.node.split('.').map(Number);
// Other series are warned of by the program itself.
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

if (supported) {
  import('./setup/main.mjs').then(({ main }) =>
    main({ tests: process.argv.includes('--tests') }).then((code) => {
      process.exitCode = code;
      if (code === 0 && process.argv.includes('--run')) return import('../dist/main.js');
    }),
  );
} else {
  console.error(
    `wgql needs Node.js 24, 22.12 or newer of the 22 series, or 20.19 or newer of the 20 series, and this is ${process.version}.`,
  );
  console.error(
    `wgql 需要 Node.js 24、22 系列的 22.12 或更高版本，或 20 系列的 20.19 或更高版本，当前是 ${process.version}。`,
  );
  process.exitCode = 1;
}

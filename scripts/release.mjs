#!/usr/bin/env node
/**
 * Writes what is published to release/: an archive for Linux that needs only Node.js, a package for npm, and their
 * checksums. `unpacked`, `npm` and `web` are the folders that the two are made of. Two runs on the same sources and packages
 * write the same bytes.
 *
 * usage: npm run release [-- --out FOLDER] [better_sqlite3.node ...]
 *
 * The archive has the compiled SQLite module of the Node.js that runs this, and those that are named, which were
 * compiled for others.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { licencesOf } from './licences.mjs';
import { pack } from './release/archive.mjs';
import { bundle } from './release/bundle.mjs';
import { copyCompiledModules } from './release/compiled-modules.mjs';
import { buildWeb } from './web/build.mjs';

/** What both contain beside the program. */
const FILES = [
  ...['CHANGELOG.md', 'LICENSE', 'README.md', 'README.zh-CN.md'],
  ...['openapi.json', 'schema.graphql'],
];
const FOLDERS = ['deploy', 'docs', 'prisma/migrations'];

const { values, positionals } = parseArgs({
  options: { out: { type: 'string' } },
  allowPositionals: true,
});
const others = positionals.map((file) => resolve(file));
const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(values.out ?? join(root, 'release'));
process.chdir(root);

const { name, version, description, license, engines, dependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);

/** The dashboard, which both contain. */
const web = join(out, 'web');
const filesOfWeb = await buildWeb(web);

/** Writes the program and its documents to a new folder. */
async function writeProgram(folder, external) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = [...(await bundle(join(folder, 'lib'), external)), ...filesOfWeb];
  cpSync(web, join(folder, 'web', 'dist'), { recursive: true });
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), licencesOf(files));
  for (const file of FILES) copyFileSync(file, join(folder, file));
  for (const each of FOLDERS) cpSync(each, join(folder, each), { recursive: true });
  copyFileSync('scripts/release/start.cjs', join(folder, name));
  chmodSync(join(folder, name), 0o755);
  const manifest = {
    ...{ name, version, description, license, type: 'commonjs', bin: { [name]: name }, engines },
    dependencies: Object.fromEntries(external.map((each) => [each, dependencies[each]])),
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

const unpacked = join(out, 'unpacked');
await writeProgram(unpacked, []);
copyCompiledModules(join(unpacked, 'lib'), others);
const archive = `${name}-${version}-${process.platform}-${process.arch}`;
pack(unpacked, archive, join(out, `${archive}.tar.gz`));

const npm = join(out, 'npm');
await writeProgram(npm, ['better-sqlite3']);
copyFileSync('scripts/sqlite/no-object-hooks.h', join(npm, 'lib', 'no-object-hooks.h'));
pack(npm, 'package', join(out, `${name}-${version}.tgz`));

const sums = [`${archive}.tar.gz`, `${name}-${version}.tgz`].map((file) => {
  const sum = createHash('sha256')
    .update(readFileSync(join(out, file)))
    .digest('hex');
  return `${sum}  ${file}\n`;
});
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
process.stdout.write(sums.join(''));

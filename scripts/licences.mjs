/** The licences of the packages that a bundle consists of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PERMISSIVE = [
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unlicense'],
];

const LICENCE_FILE = /^(licen[cs]e|copying|notice)\b/i;

/** The copyright lines of repositories under the MIT licence whose packages do not include its text. */
const MIT_HOLDERS = {
  'ardatan/graphql-tools': 'Copyright (c) 2020 The Guild, Inc.',
  'ardatan/whatwg-node': 'Copyright (c) 2023 Arda TANRIKULU',
  'Escape-Technologies/graphql-armor': 'Copyright (c) 2022 Escape – GraphQL Security',
};

/** Its holders give up all rights, so no notice has to be kept. */
const PUBLIC_DOMAIN = 'This package is in the public domain: https://unlicense.org';

/** The folders of the packages that files are from; a package can be there in several versions. */
function packagesOf(files) {
  const folders = files.map((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

function textOf(folder, { license, repository }) {
  const files = readdirSync(folder).filter((name) => LICENCE_FILE.test(name));
  const texts = files.sort().map((name) => readFileSync(join(folder, name), 'utf8').trim());
  if (texts.length > 0) return texts.join('\n\n');
  if (license === 'Unlicense') return PUBLIC_DOMAIN;
  const [name] = /[^/:]+\/[^/]+?(?=\.git$|$)/.exec(repository?.url ?? repository ?? '') ?? [];
  const holder = license === 'MIT' ? MIT_HOLDERS[name] : undefined;
  return (
    holder &&
    readFileSync('LICENSE', 'utf8')
      .replace(/^Copyright.*$/m, holder)
      .trim()
  );
}

function licenceOf(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifest;
  if (!PERMISSIVE.includes(license)) {
    throw new Error(
      `${name} has the licence ${license}, which is not in the list of permitted ones.`,
    );
  }
  const text = textOf(folder, manifest);
  if (text === undefined) throw new Error(`${name} contains no text of its licence.`);
  return { title: `${name} ${version} (${license})`, text };
}

/** The licences of the packages that these files are from; throws for a package without one, or with one that is not permitted. */
export function licencesOf(files) {
  const licences = packagesOf(files).map(licenceOf);
  const parts = licences
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${'-'.repeat(80)}\n${title}\n\n${text}\n`);
  return `wgql contains these packages:\n\n${parts.join('\n')}`;
}

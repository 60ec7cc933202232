import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VARIABLES } from '../../src/config/variables.ts';
import { blocksOf, ROOT, readPage } from './support.ts';

async function pages(): Promise<string[]> {
  const isPage = (name: string) => name.endsWith('.md');
  const documents = await readdir(join(ROOT, 'docs'), { recursive: true });
  return [
    ...(await readdir(ROOT)).filter(isPage),
    ...documents.filter(isPage).map((name) => join('docs', name)),
  ];
}

const withoutCode = (page: string) => page.replaceAll(/^```.*?^```$/gms, '');

/** The names that GitHub gives to the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(page).matchAll(/^#+ (.*)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const name = text.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    let unique = name;
    for (let count = 1; anchors.has(unique); count++) unique = `${name}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

describe('the documents', () => {
  it('link only to files and headings that exist', async () => {
    const broken: string[] = [];
    for (const page of await pages()) {
      const text = withoutCode(await readPage(page));
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page : normalize(join(dirname(page), path));
        const isThere = existsSync(join(ROOT, file));
        const hasHeading =
          anchor === undefined || (isThere && anchorsOf(await readPage(file)).has(anchor));
        if (!isThere || !hasHeading) broken.push(`${page}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('are all linked from the README in both languages', async () => {
    const inner = /^docs\/(?:adr\/|MANUAL\.)/;
    for (const readme of ['README.md', 'README.zh-CN.md']) {
      const text = await readPage(readme);
      const missing = (await pages()).filter(
        (page) => page.startsWith('docs/') && !inner.test(page) && !text.includes(`(${page}`),
      );
      expect.soft(missing, readme).toEqual([]);
    }
  });

  it.each(['docs/SETTINGS.md', 'docs/MANUAL.zh-CN.md'])(
    'describe each setting once: %s',
    async (path) => {
      const rows = (await readPage(path)).match(/^\| `(?:WGQL|OTEL)_[^|]*/gm) ?? [];
      const names = rows.flatMap((row) => row.match(/(?:WGQL|OTEL)_\w+/g) ?? []);
      expect(names.sort()).toEqual(Object.keys(VARIABLES).sort());
    },
  );

  it('show the same commands in both languages', async () => {
    const commandsOf = async (readme: string) =>
      blocksOf(await readPage(readme)).map(({ code }) => code.replaceAll(/ +#.*$/gm, ''));
    expect(await commandsOf('README.zh-CN.md')).toEqual(await commandsOf('README.md'));
  });
});

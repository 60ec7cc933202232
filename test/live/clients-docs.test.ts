import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const here = new URL('./', import.meta.url);
const page = await readFile(new URL('../../docs/LIVE.md', here), 'utf8');
const files = (await readdir(here)).filter((name) => /^clients-.*\.test\.ts$/.test(name));

/** The code of a test that is shown in the document. */
async function snippetsOf(file: string): Promise<string[]> {
  const source = await readFile(new URL(file, here), 'utf8');
  return [...source.matchAll(/^\/\/ In docs\/LIVE\.md, from here\n(.*?)^\/\/ to here$/gms)].map(
    ([, code]) => code ?? '',
  );
}

describe('docs/LIVE.md', () => {
  it('shows the same client code that the tests run', async () => {
    const snippets = (await Promise.all(files.map(snippetsOf))).flat();
    expect(snippets).toHaveLength(5);
    for (const snippet of snippets) {
      expect.soft(page).toContain(snippet);
      expect.soft(snippet.trim().split('\n').length).toBeLessThanOrEqual(15);
    }
  });
});

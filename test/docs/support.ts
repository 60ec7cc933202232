import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Block {
  /** The word after the fence, such as sh. */
  readonly language: string;
  readonly code: string;
  /** The heading above it. */
  readonly heading: string;
}

export function readPage(path: string): Promise<string> {
  return readFile(`${ROOT}${path}`, 'utf8');
}

/** The code blocks of a page in their order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  for (const [, title, language = '', code = ''] of page.matchAll(
    /^#+ ([^\n]*)$|^```(\w*)\n(.*?)^```$/gms,
  )) {
    if (title === undefined) blocks.push({ language, code, heading });
    else heading = title;
  }
  return blocks;
}

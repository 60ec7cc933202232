import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { packageFolder } from '../../config/package-folder.ts';

/** Where the build writes the dashboard. */
const FOLDER = join(packageFolder(), 'web', 'dist');

/** The endings of the compressed forms, as the build writes them. */
const ENDINGS = { br: '.br', gzip: '.gz', identity: '' } as const;
export type Encoding = keyof typeof ENDINGS;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** The texts of the GraphQL documents that the dashboard sends, as the build lists them; none if it was not built. */
export async function dashboardDocuments(folder: string = FOLDER): Promise<readonly string[]> {
  try {
    return JSON.parse(await readFile(join(folder, 'documents.json'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export interface WebFiles {
  /** Returns the media type of a file such as `assets/main-ABC.js`, or null if there is no such file. */
  typeOf(name: string): string | null;
  /** Reads a file in a form that was compressed by the build, and keeps it. */
  read(name: string, encoding: Encoding): Promise<Buffer>;
}

/** The files of the dashboard. Only names that were listed at the start are read, so no path leads elsewhere. */
export function webFiles(folder: string = FOLDER): WebFiles {
  const names = new Set(namesIn(folder));
  const kept = new Map<string, Promise<Buffer>>();
  return {
    typeOf: (name) => (names.has(name) ? (TYPES[extname(name)] ?? null) : null),
    read: (name, encoding) => {
      const path = join(folder, `${name}${ENDINGS[encoding]}`);
      const content = kept.get(path) ?? readFile(path);
      kept.set(path, content);
      // A file that cannot be read now may be there later.
      content.catch(() => kept.delete(path));
      return content;
    },
  };
}

/** Empty where the dashboard was not built. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

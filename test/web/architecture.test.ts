import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circlesIn, importsIn, readSources } from '../fixtures/sources.ts';

const WEB = fileURLToPath(new URL('../../web', import.meta.url));

/** The folders of web that a folder may import, besides itself. Only the outermost file imports `app`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: [],
  api: [],
  ui: ['api', 'text'],
  live: ['api', 'text'],
  audit: ['api', 'text'],
  export: ['api', 'text', 'ui'],
  limits: ['api', 'text', 'ui'],
  sessions: ['api', 'text', 'ui'],
  charts: ['api', 'live', 'text', 'ui'],
  events: ['api', 'live', 'text', 'ui'],
  lists: ['api', 'export', 'text', 'ui'],
  actions: ['api', 'limits', 'live', 'text', 'ui'],
  pages: [
    ...['actions', 'api', 'audit', 'charts', 'events', 'export', 'limits', 'lists', 'live'],
    ...['sessions', 'text', 'ui'],
  ],
  app: ['api', 'live', 'pages', 'text', 'ui'],
};

const MAX_FILES = 15;
/** A part of the page is a file, and there are many parts without a subject. */
const MAX_UI_FILES = 25;
const MAX_LINES = 250;

const sources = await readSources(WEB, (name) =>
  /^(?:dist|node_modules)\/|\/generated\//.test(name),
);
const imports = importsIn(sources);
const own = imports.filter(({ isPackage }) => !isPackage);

describe('the folders of the dashboard', () => {
  it.each(Object.keys(MAY_IMPORT))('%s imports only permitted folders', (folder) => {
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
    const broken = own
      .filter((one) => one.folder === folder)
      .filter(({ target }) => !allowed.includes(target.split('/')[0] as string));
    expect(broken).toEqual([]);
  });

  it('are all in the list of permitted imports', () => {
    const folders = new Set(imports.map(({ folder }) => folder));
    expect([...folders].filter((name) => name !== '').sort()).toEqual(
      Object.keys(MAY_IMPORT).sort(),
    );
  });

  it('import nothing of the server', () => {
    expect(own.filter(({ target }) => target.startsWith('..'))).toEqual([]);
    expect(imports.filter(({ target }) => target.startsWith('node:'))).toEqual([]);
  });

  it('import only packages that a start installs', async () => {
    const { dependencies } = JSON.parse(await readFile(join(WEB, 'package.json'), 'utf8'));
    const nameOf = (target: string) => /^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? '';
    const missing = imports
      .filter(({ isPackage, target }) => isPackage && !target.startsWith('wgql:'))
      .filter(({ target }) => !(nameOf(target) in dependencies));
    expect(missing).toEqual([]);
  });

  it('contain no import cycles', () => {
    expect(circlesIn(own)).toEqual([]);
  });

  it('contain no more files, and no longer ones, than the limits', () => {
    const counts = new Map<string, number>();
    for (const file of sources.keys()) {
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    }
    const full = [...counts].filter(
      ([folder, count]) => count > (folder === 'ui' ? MAX_UI_FILES : MAX_FILES),
    );
    expect(full).toEqual([]);
    const long = [...sources].filter(([, text]) => text.split('\n').length > MAX_LINES);
    expect(long.map(([file]) => file)).toEqual([]);
  });

  it('make no HTML of texts, and keep nothing in the browser but two choices', () => {
    const broken = [...sources].filter(([, text]) =>
      /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write|sessionStorage|indexedDB/.test(
        text,
      ),
    );
    expect(broken.map(([file]) => file)).toEqual([]);
    const keeping = [...sources].filter(([, text]) => text.includes('localStorage'));
    expect(keeping.map(([file]) => file).sort()).toEqual(['text/i18n.ts', 'ui/theme.ts']);
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const NON_ASCII = /[^\0-\x7f]+/g;

/** A line of a comment: esbuild writes other texts with escapes. */
const COMMENT = /^\s*(\/\/|\/?\*)/;

/**
 * Writes the files without the characters beyond ASCII that are left in comments: with a single one, V8 keeps the
 * whole source in two bytes a character.
 */
const writeAscii = {
  name: 'write ASCII',
  setup: ({ onEnd }) => {
    onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        const lines = text
          .split('\n')
          .map((line) => (COMMENT.test(line) ? line.replace(NON_ASCII, '?') : line));
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, lines.join('\n'), { mode: text.startsWith('#!') ? 0o755 : 0o644 });
      }
    });
  },
};

/** How `src` and its dependencies are bundled: for dist/, and for what runs beside it. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // As ES modules, so that calls between them are direct: each name of a CommonJS module is a getter.
  alias: { graphql: 'graphql/index.mjs' },
  external: ['better-sqlite3', '@graphql-yoga/render-graphiql'],
  // Dependencies in CommonJS call `require` for the modules of Node.js.
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
  // In development mode, libraries run more checks and put more details into errors.
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
  write: false,
  plugins: [writeAscii],
};

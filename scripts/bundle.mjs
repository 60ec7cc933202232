/**
 * Writes src/ and its dependencies as a few files to dist/, because finding and loading a thousand modules takes
 * half the time of a start. Two packages are not part of them: the compiled SQLite module, and GraphiQL, which
 * a running server loads when it is first requested, perhaps after dist/ was written again.
 */
import { build } from 'esbuild';

await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['better-sqlite3', '@graphql-yoga/render-graphiql'],
  // Dependencies in CommonJS call `require` for the modules of Node.js.
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
  // In development mode, libraries run more checks and put more details into errors.
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});

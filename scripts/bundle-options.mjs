/** How `src` and its dependencies are bundled: for dist/, and for what runs beside it. */
export const BUNDLE_OPTIONS = {
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
};

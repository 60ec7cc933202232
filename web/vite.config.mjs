import { compressed } from '../scripts/web/compressed.mjs';
import { messages } from '../scripts/web/messages.mjs';
import { schemaForCache } from '../scripts/web/schema-for-cache.mjs';

/** Where `npm run web -- --serve` finds the APIs: the address of a running server. */
const SERVER = process.env.WGQL_WEB_SERVER ?? 'http://127.0.0.1:8000';
const paths = ['/graphql', '/login', '/backup', '/licences.txt'];

/** How the dashboard is built. The page and its files come from the server of the APIs, at its root. */
export default {
  root: import.meta.dirname,
  plugins: [messages, schemaForCache, compressed],
  build: {
    target: ['chrome120', 'firefox128', 'safari17.5'],
    // Every browser of that age has it.
    modulePreload: { polyfill: false },
    // A picture in a style sheet would be against the security policy of the page.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Compressing takes most of the time, and that is no fault.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: {
    proxy: Object.fromEntries(
      paths.map((path) => [path, { target: SERVER, ws: path === '/graphql', changeOrigin: true }]),
    ),
  },
};

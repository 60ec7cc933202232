/** Builds the dashboard to web/dist/. With `--serve`, serves it from its sources, which a browser then follows. */
import { buildWeb, serveWeb } from './web/build.mjs';

if (process.argv.includes('--serve')) await serveWeb();
else await buildWeb('dist');

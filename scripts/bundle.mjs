/**
 * Writes src/ and its dependencies as a few files to dist/, because finding and loading a thousand modules takes
 * half the time of a start. Two packages are not part of them: the compiled SQLite module, and GraphiQL, which
 * a running server loads when it is first requested, perhaps after dist/ was written again.
 */
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from './bundle-options.mjs';

await build({ ...BUNDLE_OPTIONS, entryPoints: ['src/main.ts'], outdir: 'dist' });

/** Bundles the program without node_modules beside it. */
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../bundle-options.mjs';

/** better-sqlite3 finds its compiled module with the package `bindings`, which searches node_modules for it. */
const compiledModuleBeside = {
  name: 'compiled module beside the bundle',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^bindings$/ }, ({ path }) => ({ path, namespace: 'beside' }));
    onLoad({ filter: /^/, namespace: 'beside' }, () => ({
      // The name is not written into the call, because esbuild would search for it now.
      contents: `
        const [major] = process.versions.node.split('.');
        const path = './better_sqlite3-node' + major + '.node';
        module.exports = () => require(path);`,
    }));
  },
};

/**
 * Writes the program to `folder`, and returns the paths of the files that it consists of. `external` packages must be
 * installed beside it.
 */
export async function bundle(folder, external) {
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    external,
    plugins: [compiledModuleBeside, ...BUNDLE_OPTIONS.plugins],
    metafile: true,
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
}

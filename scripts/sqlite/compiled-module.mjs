/** How the SQLite module (better-sqlite3) is compiled so that it does not end the process (docs/adr/0027). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Relative to the root of the project. */
export const MODULE = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';

const HEADER = fileURLToPath(new URL('no-object-hooks.h', import.meta.url));

/** The flags for the C++ compiler: those of the environment, and the header that removes the hooks. */
export function compilerFlags({ CXXFLAGS = '' }) {
  // The shell of make removes the quotes.
  return `${CXXFLAGS} -include '${HEADER}'`.trimStart();
}

/** Whether a compiled module has the hooks. Nothing else in it refers to the function that removes them. */
export function hasObjectHooks(file) {
  return readFileSync(file, 'latin1').includes('RemoveEnvironmentCleanupHook');
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A new folder for each test of a file, with settings for a database in it. */
export function temporaryFolder() {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'wgql-process-'));
  });
  afterEach(() => rm(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    settings: () => ({ WGQL_DATABASE_URL: `file:${join(path, 'wgql.db')}` }),
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { child } from './child.mjs';

export const YEAR = { users: 10_000, sessions: 730_000, events: 730_000, active: 100 };

/** A database with a year of history, which is made when it is first needed. */
export function yearDatabase(built) {
  const folder = mkdtempSync(join(tmpdir(), 'wgql-year-'));
  const databaseFile = join(folder, 'wgql.db');
  let made;
  const make = async () => {
    const program = child(built);
    await program.ask({ databaseFile });
    await program.stop();
    const filling = child('fill-year.mjs');
    const sizes = await filling.ask({ databaseFile, ...YEAR });
    await filling.stop();
    return { databaseFile, ...sizes };
  };
  return {
    get: () => {
      made ??= make();
      return made;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

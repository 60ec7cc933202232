import { withTables } from './tables.ts';
import { isWgEasyDatabase } from './wg-easy-database.ts';
import { isWgEasyJson } from './wg-easy-json.ts';
import { isWgQuick } from './wg-quick.ts';
import { isJobsDatabase } from './wgdashboard/jobs.ts';
import { isWgdashboard, isWgdashboardBackup } from './wgdashboard/wgdashboard.ts';

export type TextFormat = 'wg-quick' | 'wg-easy-json' | 'wgdashboard-backup';
export type DatabaseFormat = 'wg-easy-database' | 'wgdashboard' | 'wgdashboard-jobs';

const SQLITE_START = 'SQLite format 3\0';

/** Whether a file that begins with these bytes is an SQLite database. */
export function isDatabase(start: Uint8Array): boolean {
  return [...SQLITE_START].every((character, index) => start[index] === character.charCodeAt(0));
}

/** The format of a text file by its content; null if it is none of them. */
export function detectText(file: string): TextFormat | null {
  if (isWgEasyJson(file)) return 'wg-easy-json';
  if (isWgdashboardBackup(file)) return 'wgdashboard-backup';
  return isWgQuick(file) ? 'wg-quick' : null;
}

/** The format of an SQLite database by its tables; null if it is none of them. */
export function detectDatabase(path: string): DatabaseFormat | null {
  return withTables(path, (tables) => {
    if (isWgEasyDatabase(tables)) return 'wg-easy-database';
    if (isJobsDatabase(tables)) return 'wgdashboard-jobs';
    return isWgdashboard(tables) ? 'wgdashboard' : null;
  });
}

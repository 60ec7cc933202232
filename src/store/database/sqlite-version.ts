import { AppError } from '../../domain/errors.ts';

/** Older ones can lose a commit when the WAL is reset while another process writes. */
const MIN_SQLITE_VERSION = [3, 51, 3] as const;

/** Rejects a SQLite version that may lose data. */
export function refuseOldSqlite(version: string): void {
  const parts = version.split('.').map(Number);
  const difference = MIN_SQLITE_VERSION.map((part, index) => (parts[index] ?? 0) - part).find(
    (part) => part !== 0,
  );
  if (difference === undefined || difference > 0) return;
  const minimum = MIN_SQLITE_VERSION.join('.');
  throw new AppError('UNAVAILABLE', {
    en: `SQLite ${version} can lose committed data; install better-sqlite3 with SQLite ${minimum} or newer.`,
    zh: `SQLite ${version} 可能丢失已提交的数据；请安装带有 SQLite ${minimum} 或更新版本的 better-sqlite3。`,
  });
}
